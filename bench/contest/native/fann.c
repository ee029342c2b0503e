// FANN (Nissen 2003) trains, row by row, and knows no softmax; it is timed at what it can do, which its note says.

#include <fann.h>
#include <fann_internal.h>

#include "peer.h"

static struct fann *net;
static struct fann_train_data *rows;
static const struct task *asked;

static const char *version(void) { return PACKAGE_VERSION ", float, one thread"; }

/** So small that no weight changes in the 24 bits it has, while the work of the update is done. */
static const float RATE = 1e-15f;

/** The weights of a unit: of each input, then its bias. */
static fann_type *weights_of(const struct fann_neuron *unit) { return net->weights + unit->first_con; }

static const char *prepare(const struct task *task, struct answer *answer) {
  if (task->kind == SIGMOID) return "it has no function of arrays";
  asked = task;
  if (net) fann_destroy(net);
  if (rows) fann_destroy_train(rows);
  unsigned sizes[MAX_LAYERS + 1];
  for (int i = 0; i <= task->layers; i++) sizes[i] = task->sizes[i];
  net = fann_create_standard_array(task->layers + 1, sizes);
  if (!net) fail("FANN made no network");
  fann_set_activation_function_hidden(net, FANN_SIGMOID);
  fann_set_activation_function_output(net, FANN_SIGMOID);
  fann_set_activation_steepness_hidden(net, 0.5f); // 1 / (1 + exp(-2 steepness x))
  fann_set_activation_steepness_output(net, 0.5f);
  fann_set_training_algorithm(net, FANN_TRAIN_BATCH);
  fann_set_train_error_function(net, FANN_ERRORFUNC_LINEAR);
  fann_set_learning_rate(net, RATE);
  for (int i = 1; i <= task->layers; i++) {
    struct fann_layer *layer = net->first_layer + i;
    for (int unit = 0; unit < task->sizes[i]; unit++) {
      fann_type *to = weights_of(layer->first_neuron + unit);
      for (int k = 0; k < task->sizes[i - 1]; k++) to[k] = task->weights[i][(size_t)k * task->sizes[i] + unit];
      to[task->sizes[i - 1]] = task->biases[i][unit];
    }
  }
  int inputs = task->sizes[0], outputs = task->sizes[task->layers];
  rows = fann_create_train(task->rows, inputs, outputs);
  for (int row = 0; row < task->rows; row++) {
    memcpy(rows->input[row], task->X + (size_t)row * inputs, inputs * sizeof(float));
    memcpy(rows->output[row], task->y + (size_t)row * outputs, outputs * sizeof(float));
  }
  answer->variant = "{\"hidden\":\"sigmoid\",\"output\":\"sigmoid\",\"loss\":\"squaredError\"}";
  answer->note = task->kind == FORWARD ? "row by row" : "row by row, updates the weights in the end";
  if (task->softmax) {
    answer->note = task->kind == FORWARD ? "sigmoid in every layer, row by row"
                                         : "sigmoid with squared error in every layer, row by row, updates the weights "
                                           "in the end";
  }
  return NULL;
}

static void run(void) {
  if (asked->kind == STEP) fann_train_epoch(net, rows);
  else for (int row = 0; row < asked->rows; row++) fann_run(net, rows->input[row]);
}

/** What fann_train_epoch does in a batch, up to the update. */
static void accumulate(struct answer *answer) {
  fann_clear_train_arrays(net);
  answer->loss = 0;
  int outputs = asked->sizes[asked->layers];
  for (int row = 0; row < asked->rows; row++) {
    fann_type *output = fann_run(net, rows->input[row]);
    for (int j = 0; j < outputs; j++) answer->loss += 0.5 * pow(output[j] - rows->output[row][j], 2) / asked->rows;
    fann_compute_MSE(net, rows->output[row]);
    fann_backpropagate_MSE(net);
    fann_update_slopes_batch(net, net->first_layer + 1, net->last_layer - 1);
  }
}

static void result(struct answer *answer) {
  double *to = answer->values;
  if (asked->kind == FORWARD) {
    int outputs = asked->sizes[asked->layers];
    for (int row = 0; row < asked->rows; row++) {
      fann_type *output = fann_run(net, rows->input[row]);
      for (int j = 0; j < outputs; j++) *to++ = output[j];
    }
    return;
  }
  accumulate(answer);
  for (int i = 1; i <= asked->layers; i++) {
    struct fann_layer *layer = net->first_layer + i;
    for (int k = 0; k <= asked->sizes[i - 1]; k++) {
      for (int unit = 0; unit < asked->sizes[i]; unit++) {
        // A slope is what would be added, of all rows together.
        *to++ = -net->train_slopes[layer->first_neuron[unit].first_con + k] / asked->rows;
      }
    }
  }
  fann_clear_train_arrays(net);
}
