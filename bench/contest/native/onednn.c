// oneDNN as a program would use it that differentiates by hand: a matmul primitive for each product, with bias and activation
// fused into the forward ones, eltwise and softmax primitives; the loss, its error and the sums of biases are loops in C.

#include <dnnl.h>

#include "peer.h"

#if DNNL_VERSION_MAJOR != 2
#error this program is written for oneDNN 2, as Debian 12 has it
#endif

static dnnl_engine_t engine;
static dnnl_stream_t stream;

static void check(dnnl_status_t status, const char *what) {
  if (status == dnnl_success) return;
  fprintf(stderr, "%s: status %d\n", what, status);
  exit(1);
}
#define CHECK(call) check(call, #call)

static const char *version(void) {
  static char text[100];
  const dnnl_version_t *v = dnnl_version();
  CHECK(dnnl_engine_create(&engine, dnnl_cpu, 0));
  CHECK(dnnl_stream_create(&stream, engine, dnnl_stream_default_flags));
  snprintf(text, sizeof text, "%d.%d.%d, one thread, products and gradients by hand", v->major, v->minor, v->patch);
  return text;
}

/** A matrix of the caller's numbers, or its transpose. */
struct matrix {
  dnnl_memory_desc_t desc;
  dnnl_memory_t memory;
};

static struct matrix matrix(float *values, int rows, int cols, int transposed) {
  struct matrix made;
  dnnl_dims_t dims = {rows, cols}, strides = {cols, 1};
  dnnl_dims_t turned = {cols, rows}, columns = {1, cols};
  CHECK(dnnl_memory_desc_init_by_strides(&made.desc, 2, transposed ? turned : dims, dnnl_f32,
                                         transposed ? columns : strides));
  CHECK(dnnl_memory_create(&made.memory, &made.desc, engine, values));
  return made;
}

/** A primitive with its arguments. */
struct work {
  dnnl_primitive_t primitive;
  dnnl_exec_arg_t args[4];
  int count;
};

static struct work work(const_dnnl_op_desc_t desc, const_dnnl_primitive_attr_t attr, const_dnnl_primitive_desc_t hint) {
  struct work made = {.count = 0};
  dnnl_primitive_desc_t primitive;
  CHECK(dnnl_primitive_desc_create(&primitive, desc, attr, engine, hint));
  CHECK(dnnl_primitive_create(&made.primitive, primitive));
  CHECK(dnnl_primitive_desc_destroy(primitive));
  return made;
}

static void argument(struct work *to, int which, struct matrix matrix) {
  to->args[to->count++] = (dnnl_exec_arg_t){which, matrix.memory};
}

static void execute(const struct work *work) {
  CHECK(dnnl_primitive_execute(work->primitive, stream, work->count, work->args));
}

static dnnl_alg_kind_t forward_of(int relu) { return relu ? dnnl_eltwise_relu : dnnl_eltwise_logistic; }

/** c = a b, then + bias, then the activation, where there are such. */
static struct work product(struct matrix a, struct matrix b, const struct matrix *bias, struct matrix c, int activation) {
  dnnl_matmul_desc_t desc;
  CHECK(dnnl_matmul_desc_init(&desc, &a.desc, &b.desc, bias ? &bias->desc : NULL, &c.desc));
  dnnl_primitive_attr_t attr;
  CHECK(dnnl_primitive_attr_create(&attr));
  if (activation) {
    dnnl_post_ops_t after;
    CHECK(dnnl_post_ops_create(&after));
    CHECK(dnnl_post_ops_append_eltwise(after, 1, activation, 0, 0));
    CHECK(dnnl_primitive_attr_set_post_ops(attr, after));
    CHECK(dnnl_post_ops_destroy(after));
  }
  struct work made = work(&desc, attr, NULL);
  CHECK(dnnl_primitive_attr_destroy(attr));
  argument(&made, DNNL_ARG_SRC, a);
  argument(&made, DNNL_ARG_WEIGHTS, b);
  argument(&made, DNNL_ARG_DST, c);
  if (bias) argument(&made, DNNL_ARG_BIAS, *bias);
  return made;
}

static struct work activation(int relu, struct matrix from, struct matrix to) {
  dnnl_eltwise_desc_t desc;
  CHECK(dnnl_eltwise_forward_desc_init(&desc, dnnl_forward_inference, forward_of(relu), &from.desc, 0, 0));
  struct work made = work(&desc, NULL, NULL);
  argument(&made, DNNL_ARG_SRC, from);
  argument(&made, DNNL_ARG_DST, to);
  return made;
}

static struct work softmax(struct matrix values) {
  dnnl_softmax_desc_t desc;
  CHECK(dnnl_softmax_forward_desc_init(&desc, dnnl_forward_inference, &values.desc, 1));
  struct work made = work(&desc, NULL, NULL);
  argument(&made, DNNL_ARG_SRC, values);
  argument(&made, DNNL_ARG_DST, values);
  return made;
}

/** error = error * the activation's slope, from the activation's values. */
static struct work slope(int relu, struct matrix values, struct matrix error) {
  dnnl_alg_kind_t kind = relu ? dnnl_eltwise_relu_use_dst_for_bwd : dnnl_eltwise_logistic_use_dst_for_bwd;
  dnnl_eltwise_desc_t forward, backward;
  dnnl_primitive_desc_t hint;
  CHECK(dnnl_eltwise_forward_desc_init(&forward, dnnl_forward_training, kind, &values.desc, 0, 0));
  CHECK(dnnl_primitive_desc_create(&hint, &forward, NULL, engine, NULL));
  CHECK(dnnl_eltwise_backward_desc_init(&backward, kind, &error.desc, &values.desc, 0, 0));
  struct work made = work(&backward, NULL, hint);
  CHECK(dnnl_primitive_desc_destroy(hint));
  argument(&made, DNNL_ARG_DST, values);
  argument(&made, DNNL_ARG_DIFF_DST, error);
  argument(&made, DNNL_ARG_DIFF_SRC, error);
  return made;
}

static const struct task *asked;
/** All of the work in its order; of a step first `forward` of them, then the loss. */
static struct work works[6 * MAX_LAYERS];
static int count, forward;
static float *values[MAX_LAYERS + 1], *errors[MAX_LAYERS + 1];
static float *by_weights[MAX_LAYERS + 1], *by_biases[MAX_LAYERS + 1];
static double loss;

static const char *prepare(const struct task *task, struct answer *answer) {
  asked = task;
  count = 0;
  int rows = task->rows, last = task->layers;
  values[0] = task->X;
  if (task->kind == SIGMOID) {
    int cols = task->sizes[0];
    values[last] = floats((size_t)rows * cols);
    works[count++] = activation(0, matrix(task->X, rows, cols, 0), matrix(values[last], rows, cols, 0));
    return NULL;
  }
  for (int i = 1; i <= last; i++) {
    int inputs = task->sizes[i - 1], units = task->sizes[i];
    values[i] = floats((size_t)rows * units);
    struct matrix x = matrix(values[i - 1], rows, inputs, 0), w = matrix(task->weights[i], inputs, units, 0);
    struct matrix b = matrix(task->biases[i], 1, units, 0), h = matrix(values[i], rows, units, 0);
    int plain = i == last && task->softmax;
    works[count++] = product(x, w, &b, h, plain ? 0 : forward_of(i < last && task->relu));
    if (plain) works[count++] = softmax(h);
  }
  forward = count;
  if (task->kind == FORWARD) return NULL;
  for (int i = last; i > 0; i--) {
    int inputs = task->sizes[i - 1], units = task->sizes[i];
    errors[i] = floats((size_t)rows * units);
    by_weights[i] = floats((size_t)inputs * units);
    by_biases[i] = floats(units);
  }
  for (int i = last; i > 0; i--) {
    int inputs = task->sizes[i - 1], units = task->sizes[i];
    struct matrix d = matrix(errors[i], rows, units, 0);
    if (i < last || !task->softmax) {
      works[count++] = slope(i < last && task->relu, matrix(values[i], rows, units, 0), d);
    }
    works[count++] = product(matrix(values[i - 1], rows, inputs, 1), d, NULL, matrix(by_weights[i], inputs, units, 0), 0);
    if (i == 1) break;
    struct matrix back = matrix(task->weights[i], inputs, units, 1);
    works[count++] = product(d, back, NULL, matrix(errors[i - 1], rows, inputs, 0), 0);
  }
  return NULL;
}

/** Its derivative by the logits of softmax, by the outputs of sigmoid. */
static void take_loss(void) {
  size_t size = (size_t)asked->rows * asked->sizes[asked->layers];
  const float *o = values[asked->layers], *y = asked->y;
  float *error = errors[asked->layers], scale = 1.0f / asked->rows;
  double sum = 0;
  for (size_t i = 0; i < size; i++) {
    float difference = o[i] - y[i];
    error[i] = difference * scale;
    if (!asked->softmax) sum += 0.5 * difference * difference;
    else if (y[i] != 0) sum -= y[i] * logf(o[i]);
  }
  loss = sum / asked->rows;
}

static void sum_columns(const float *from, float *to, int rows, int cols) {
  memset(to, 0, cols * sizeof *to);
  for (int row = 0; row < rows; row++) {
    for (int j = 0; j < cols; j++) to[j] += from[(size_t)row * cols + j];
  }
}

static void run(void) {
  int step = asked->kind == STEP;
  for (int i = 0; i < count; i++) {
    if (step && i == forward) {
      CHECK(dnnl_stream_wait(stream));
      take_loss();
    }
    execute(works + i);
  }
  CHECK(dnnl_stream_wait(stream));
  for (int i = 1; step && i <= asked->layers; i++) sum_columns(errors[i], by_biases[i], asked->rows, asked->sizes[i]);
}

static double *append(double *to, const float *from, size_t count) {
  for (size_t i = 0; i < count; i++) to[i] = from[i];
  return to + count;
}

static void result(struct answer *answer) {
  run();
  if (asked->kind != STEP) {
    append(answer->values, values[asked->layers], answer->count);
    return;
  }
  answer->loss = loss;
  double *to = answer->values;
  for (int i = 1; i <= asked->layers; i++) {
    to = append(to, by_weights[i], (size_t)asked->sizes[i - 1] * asked->sizes[i]);
    to = append(to, by_biases[i], asked->sizes[i]);
  }
}
