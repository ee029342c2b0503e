// What a native library needs to be a subject of a contest: requests from stdin, answers on stdout, a line of JSON each, as
// worker.ts gives them; the numbers of peers/task.ts; the timing of measure.ts. A program includes this file, defines
// what is declared here as its own, and has main() from it.

#define _POSIX_C_SOURCE 200809L
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define MAX_LAYERS 8
enum kind { STEP, FORWARD, SIGMOID };

/** A task and its numbers. Layers are 1 to `layers`; weights are inputs x units, row by row. */
struct task {
  enum kind kind;
  int rows, layers, sizes[MAX_LAYERS + 1];
  /** relu, else sigmoid, in hidden layers; softmax with cross-entropy, else sigmoid with squared error, behind the last. */
  int relu, softmax;
  float *X, *y, *weights[MAX_LAYERS + 1], *biases[MAX_LAYERS + 1];
};

/** What stands in an answer to "prepare". */
struct answer {
  const char *note, *variant;
  double loss;
  double *values;
  size_t count;
};

// The program's own.

/** Its name, version and threads. */
static const char *version(void);
/** Takes the task; whatever it had before may be forgotten. Why it has no means for it, or NULL. */
static const char *prepare(const struct task *task, struct answer *answer);
static void run(void);
/** Runs, and fills in what came: loss and values. */
static void result(struct answer *answer);

static void fail(const char *why) {
  fprintf(stderr, "%s\n", why);
  exit(1);
}

static void *allocate(size_t bytes) {
  void *memory = aligned_alloc(64, (bytes + 63) / 64 * 64 + 64);
  if (!memory) fail("out of memory");
  return memory;
}

static float *floats(size_t count) { return allocate(count * sizeof(float)); }

// NumPy's RandomState: MT19937 (Matsumoto and Nishimura 1998), two draws for 53 bits.

static uint32_t state[624];
static int drawn;

static void seed(uint32_t value) {
  state[0] = value;
  for (int i = 1; i < 624; i++) state[i] = 1812433253u * (state[i - 1] ^ (state[i - 1] >> 30)) + i;
  drawn = 624;
}

static uint32_t draw(void) {
  if (drawn == 624) {
    for (int i = 0; i < 624; i++) {
      uint32_t bits = (state[i] & 0x80000000u) | (state[(i + 1) % 624] & 0x7fffffffu);
      state[i] = state[(i + 397) % 624] ^ (bits >> 1) ^ (bits & 1 ? 0x9908b0dfu : 0);
    }
    drawn = 0;
  }
  uint32_t bits = state[drawn++];
  bits ^= bits >> 11;
  bits ^= (bits << 7) & 0x9d2c5680u;
  bits ^= (bits << 15) & 0xefc60000u;
  return bits ^ (bits >> 18);
}

static double random_sample(void) {
  uint32_t a = draw() >> 5, b = draw() >> 6;
  return (a * 67108864.0 + b) / 9007199254740992.0;
}

static float *uniform(size_t count, double scale) {
  float *values = floats(count);
  for (size_t i = 0; i < count; i++) values[i] = (float)((2 * random_sample() - 1) * scale);
  return values;
}

// A line of JSON as worker.ts's program sends it: no spaces, no two keys of one name.

static const char *find(const char *line, const char *key) {
  char pattern[64];
  snprintf(pattern, sizeof pattern, "\"%s\":", key);
  const char *at = strstr(line, pattern);
  return at ? at + strlen(pattern) : NULL;
}

static double number(const char *line, const char *key) {
  const char *at = find(line, key);
  return at ? strtod(at, NULL) : 0;
}

static int is(const char *line, const char *key, const char *value) {
  const char *at = find(line, key);
  return at && *at == '"' && strncmp(at + 1, value, strlen(value)) == 0 && at[1 + strlen(value)] == '"';
}

/** Draws in the order of peers/task.ts's makeData. */
static void read_task(const char *line, struct task *task) {
  task->kind = is(line, "kind", "step") ? STEP : is(line, "kind", "forward") ? FORWARD : SIGMOID;
  task->rows = (int)number(line, "rows");
  task->relu = is(line, "hidden", "relu");
  task->softmax = is(line, "output", "softmax");
  task->layers = -1;
  char *at = (char *)find(line, "sizes") + 1;
  for (;;) {
    if (task->layers == MAX_LAYERS) fail("too many layers");
    task->sizes[++task->layers] = (int)strtol(at, &at, 10);
    if (*at++ != ',') break;
  }
  seed((uint32_t)number(line, "seed"));
  size_t rows = task->rows, outputs = task->sizes[task->layers];
  task->X = uniform(rows * task->sizes[0], task->kind == SIGMOID ? 8 : 1);
  if (task->kind == SIGMOID) return;
  task->y = floats(rows * outputs);
  for (size_t i = 0; i < rows * outputs; i++) task->y[i] = task->softmax ? 0 : (float)random_sample();
  for (size_t row = 0; task->softmax && row < rows; row++) {
    task->y[row * outputs + (size_t)floor(random_sample() * outputs)] = 1;
  }
  for (int i = 1; i <= task->layers; i++) {
    int inputs = task->sizes[i - 1], units = task->sizes[i];
    task->weights[i] = uniform((size_t)inputs * units, sqrt(6.0 / (inputs + units)));
    task->biases[i] = uniform(units, 0.1);
  }
}

/** How many numbers a result has. */
static size_t count_of(const struct task *task) {
  if (task->kind != STEP) return (size_t)task->rows * task->sizes[task->kind == SIGMOID ? 0 : task->layers];
  size_t count = 0;
  for (int i = 1; i <= task->layers; i++) count += (size_t)(task->sizes[i - 1] + 1) * task->sizes[i];
  return count;
}

static void print_base64(const unsigned char *bytes, size_t length) {
  static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  for (size_t i = 0; i < length; i += 3) {
    size_t left = length - i;
    uint32_t bits = bytes[i] << 16 | (left > 1 ? bytes[i + 1] << 8 : 0) | (left > 2 ? bytes[i + 2] : 0);
    putchar(digits[bits >> 18]);
    putchar(digits[bits >> 12 & 63]);
    putchar(left > 1 ? digits[bits >> 6 & 63] : '=');
    putchar(left > 2 ? digits[bits & 63] : '=');
  }
}

// Timing: batches of calls, the median over those of a slice.

static clockid_t timed_by;
static double slice_ms;
static long batch;

static double now_ms(void) {
  struct timespec t;
  clock_gettime(timed_by, &t);
  return t.tv_sec * 1e3 + t.tv_nsec / 1e6;
}

static double warm_up(const char *line) {
  timed_by = CLOCK_MONOTONIC;
  double start = now_ms(), last = start, call_ms = INFINITY, least = number(line, "warmUpMs");
  long calls = 1;
  do {
    for (long i = 0; i < calls; i++) run();
    double t = now_ms();
    call_ms = fmin(call_ms, (t - last) / calls);
    if (t - last < 1) calls *= 2;
    last = t;
  } while (last - start < least);
  const char *cpu = find(line, "cpuTime");
  if (cpu && *cpu == 't') timed_by = CLOCK_PROCESS_CPUTIME_ID;
  slice_ms = number(line, "sliceMs");
  batch = (long)fmax(1, ceil(fmin(0.25, slice_ms) / fmax(call_ms, 1e-6)));
  return call_ms;
}

static int ascending(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static double sample(void) {
  static double times[1 << 16];
  double total = 0;
  size_t count = 0;
  do {
    double start = now_ms();
    for (long i = 0; i < batch; i++) run();
    total += times[count++] = now_ms() - start;
  } while (total < slice_ms && count < sizeof times / sizeof *times);
  qsort(times, count, sizeof *times, ascending);
  return (times[count / 2] + times[(count - 1) / 2]) / 2 / batch;
}

static void answer_prepare(const char *line) {
  if (!is(line, "dtype", "f32")) {
    printf("{\"error\":\"it computes in float32 here\",\"cannot\":true}\n");
    return;
  }
  struct task *task = calloc(1, sizeof *task); // kept: a program may go on using its numbers
  read_task(line, task);
  struct answer answer = {.count = count_of(task)};
  const char *reason = prepare(task, &answer);
  if (reason) {
    printf("{\"error\":\"%s\",\"cannot\":true}\n", reason);
    return;
  }
  answer.values = allocate(answer.count * sizeof(double));
  result(&answer);
  printf("{\"note\":\"%s\",\"variant\":%s,", answer.note ? answer.note : "", answer.variant ? answer.variant : "{}");
  if (task->kind == STEP) printf("\"loss\":%.17g,", answer.loss);
  printf("\"values\":\"");
  print_base64((unsigned char *)answer.values, answer.count * sizeof(double));
  printf("\"}\n");
  free(answer.values);
}

int main(void) {
  char *line = NULL;
  size_t size = 0;
  while (getline(&line, &size, stdin) > 0) {
    if (is(line, "op", "load")) printf("{\"version\":\"%s\"}\n", version());
    else if (is(line, "op", "prepare")) answer_prepare(line);
    else if (is(line, "op", "warmUp")) printf("{\"callMs\":%.9g}\n", warm_up(line));
    else printf("{\"ms\":%.9g}\n", sample());
    fflush(stdout);
  }
  return 0;
}
