"""NumPy, PyTorch or scikit-learn as a subject of a contest.

Reads requests from stdin and answers on stdout, a line of JSON each, as worker.ts does.

    python3 python.py CLASS
"""

import base64
import inspect
import json
import math
import os
import sys
import time

import numpy as np


class CannotDo(Exception):
    """Not a failure: the library does not do such a thing."""


def blas():
    """The libraries that this process multiplies with, where the system tells."""
    try:
        with open("/proc/self/maps") as maps:
            paths = {line.split()[-1] for line in maps if "/" in line}
    except OSError:
        return ""
    names = sorted({path.rsplit("/", 1)[-1] for path in paths if "blas" in path.lower() or "mkl" in path.lower()})
    names = [name for name in names if not name.endswith(".py") and "cpython" not in name]
    return " (" + ", ".join(names) + ")" if names else ""


class Data:
    """The numbers of peers/task.ts: bitgrad's random draws what RandomState does."""

    def __init__(self, task):
        self.dtype = np.float32 if task["dtype"] == "f32" else np.float64
        self.rows, sizes = task["rows"], task["sizes"]
        self.sizes = sizes
        rng = np.random.RandomState(task["seed"])

        def uniform(shape, scale):
            return ((2 * rng.random_sample(shape) - 1) * scale).astype(self.dtype)

        sigmoid = task["kind"] == "sigmoid"
        self.X = uniform((self.rows, sizes[0]), 8 if sigmoid else 1)
        if sigmoid:
            return
        outputs = sizes[-1]
        if task["output"] == "softmax":
            self.labels = np.floor(rng.random_sample(self.rows) * outputs).astype(np.int64)
            self.y = np.zeros((self.rows, outputs), self.dtype)
            self.y[np.arange(self.rows), self.labels] = 1
        else:
            self.y = rng.random_sample((self.rows, outputs)).astype(self.dtype)
        self.weights, self.biases = [], []
        for inputs, units in zip(sizes, sizes[1:]):
            self.weights.append(uniform((inputs, units), math.sqrt(6 / (inputs + units))))
            self.biases.append(uniform(units, 0.1))


class Numpy:
    """The formulas as they are written down."""

    version = "NumPy " + np.__version__

    def prepare(self, task):
        data = Data(task)
        X, rows = data.X, data.rows

        def sigmoid(z):
            return 1 / (1 + np.exp(-z))

        if task["kind"] == "sigmoid":
            return lambda: sigmoid(X), lambda: (None, [sigmoid(X)]), None, None

        def relu(z):
            return np.maximum(z, 0)

        def softmax(z):
            e = np.exp(z - z.max(axis=1, keepdims=True))
            return e / e.sum(axis=1, keepdims=True)

        functions = {"sigmoid": sigmoid, "relu": relu, "softmax": softmax}
        hidden, last = functions[task["hidden"]], functions[task["output"]]
        weights, biases, y = data.weights, data.biases, data.y
        count = len(weights)

        def forward():
            values = [X]
            for i in range(count):
                z = values[-1] @ weights[i] + biases[i]
                values.append(hidden(z) if i < count - 1 else last(z))
            return values

        if task["kind"] == "forward":
            return lambda: forward()[-1], lambda: (None, [forward()[-1]]), None, None

        def step():
            values = forward()
            output = values[-1]
            if task["output"] == "softmax":
                loss = -(y * np.log(output)).sum() / rows
                error = (output - y) / rows
            else:
                difference = output - y
                loss = 0.5 * (difference**2).sum() / rows
                error = difference * output * (1 - output) / rows
            gradients = []
            for i in range(count - 1, -1, -1):
                gradients.append((values[i].T @ error, error.sum(axis=0)))
                if i > 0:
                    value = values[i]
                    slope = value > 0 if task["hidden"] == "relu" else value * (1 - value)
                    error = (error @ weights[i].T) * slope
            return loss, gradients[::-1]

        def result():
            loss, gradients = step()
            return float(loss), [each for pair in gradients for each in pair]

        return step, result, None, None


class NumpyInPlace:
    """The same with nothing allocated: as fast as NumPy could be made here."""

    version = Numpy.version

    def prepare(self, task):
        note = "tuned by hand: nothing is allocated"
        run, result = self.work(task)
        return run, result, note, None

    def work(self, task):
        data = Data(task)
        rows, X = data.rows, data.X
        dot, multiply, subtract = np.dot, np.multiply, np.subtract

        def sigmoid(z):
            np.negative(z, out=z)
            np.exp(z, out=z)
            np.add(z, 1, out=z)
            np.reciprocal(z, out=z)

        if task["kind"] == "sigmoid":
            out = np.empty_like(X)

            def elementwise():
                np.negative(X, out=out)
                np.exp(out, out=out)
                np.add(out, 1, out=out)
                np.reciprocal(out, out=out)
                return out

            return elementwise, lambda: (None, [elementwise()])

        def relu(z):
            np.maximum(z, 0, out=z)

        def softmax(z):
            subtract(z, z.max(axis=1, keepdims=True), out=z)
            np.exp(z, out=z)
            np.divide(z, z.sum(axis=1, keepdims=True), out=z)

        functions = {"sigmoid": sigmoid, "relu": relu, "softmax": softmax}
        last = len(data.weights) - 1
        activate = [functions[task["hidden"]]] * last + [functions[task["output"]]]
        weights, biases, y = data.weights, data.biases, data.y
        values = [X] + [np.empty((rows, units), data.dtype) for units in data.sizes[1:]]

        def forward():
            for i in range(last + 1):
                z = values[i + 1]
                dot(values[i], weights[i], out=z)
                z += biases[i]
                activate[i](z)
            return values[-1]

        if task["kind"] == "forward":
            return forward, lambda: (None, [forward()])

        errors = [np.empty_like(value) for value in values[1:]]
        slopes = [np.empty_like(value) for value in values[1:]]
        masks = [np.empty(value.shape, bool) for value in values[1:]]
        by_weights = [np.empty_like(w) for w in weights]
        by_biases = [np.empty_like(b) for b in biases]
        ones = np.ones(rows, data.dtype)
        columns = [w.T for w in weights]
        inputs = [value.T for value in values]
        scale = data.dtype(1 / rows)
        crossentropy = task["output"] == "softmax"
        if crossentropy:
            taken = np.arange(rows), data.labels

        def by_sigmoid(error, value, slope):
            subtract(1, value, out=slope)
            multiply(slope, value, out=slope)
            multiply(error, slope, out=error)

        def step():
            output = forward()
            error = errors[last]
            subtract(output, y, out=error)
            if crossentropy:
                loss = -float(np.log(output[taken]).sum()) / rows
            else:
                flat = error.ravel()
                loss = 0.5 * float(dot(flat, flat)) / rows
                by_sigmoid(error, output, slopes[last])
            multiply(error, scale, out=error)
            for i in range(last, -1, -1):
                dot(inputs[i], errors[i], out=by_weights[i])
                dot(ones, errors[i], out=by_biases[i])
                if i > 0:
                    error = errors[i - 1]
                    dot(errors[i], columns[i], out=error)
                    if task["hidden"] == "relu":
                        np.greater(values[i], 0, out=masks[i - 1])
                        multiply(error, masks[i - 1], out=error)
                    else:
                        by_sigmoid(error, values[i], slopes[i - 1])
            return loss

        def result():
            loss = step()
            return loss, [each for pair in zip(by_weights, by_biases) for each in pair]

        return step, result


class Torch:
    """Eager, with autograd."""

    def __init__(self):
        import torch

        torch.set_num_threads(int(os.environ["OMP_NUM_THREADS"]))
        self.torch = torch
        self.version = f"PyTorch {torch.__version__}, threads: {torch.get_num_threads()}"

    def prepare(self, task):
        torch, data = self.torch, Data(task)
        X = torch.from_numpy(data.X)
        if task["kind"] == "sigmoid":
            out = torch.empty_like(X)

            def elementwise():
                with torch.inference_mode():
                    return torch.sigmoid(X, out=out)

            return elementwise, lambda: (None, [elementwise().numpy()]), None, None

        parameters = [
            torch.from_numpy(each).requires_grad_() for pair in zip(data.weights, data.biases) for each in pair
        ]
        layers = list(zip(parameters[::2], parameters[1::2]))
        hidden = getattr(torch, task["hidden"])

        def logits():
            h = X
            for i, (w, b) in enumerate(layers):
                h = torch.addmm(b, hidden(h) if i else h, w)
            return h

        if task["kind"] == "forward":

            def forward():
                with torch.inference_mode():
                    z = logits()
                    return torch.softmax(z, 1) if task["output"] == "softmax" else torch.sigmoid(z)

            return forward, lambda: (None, [forward().numpy()]), None, None

        y = torch.from_numpy(data.y)
        if task["output"] == "softmax":
            labels = torch.from_numpy(data.labels)
            cross_entropy = torch.nn.functional.cross_entropy

            def loss_of(z):
                return cross_entropy(z, labels)

        else:

            def loss_of(z):
                return (torch.sigmoid(z) - y).square().sum() * (0.5 / data.rows)

        def both():
            loss = loss_of(logits())
            return loss, torch.autograd.grad(loss, parameters)

        def result():
            loss, gradients = both()
            return loss.item(), [each.numpy() for each in gradients]

        return lambda: both()[0].item(), result, None, None


class Sklearn:
    """What MLPClassifier.fit calls for a batch: its private _backprop, on arrays that are ready."""

    def __init__(self):
        import sklearn
        from scipy.special import expit
        from sklearn.neural_network import MLPClassifier

        self.expit, self.MLPClassifier = expit, MLPClassifier
        self.version = f"scikit-learn {sklearn.__version__}, NumPy {np.__version__}"

    def prepare(self, task):
        data = Data(task)
        if task["kind"] == "sigmoid":
            out = np.empty_like(data.X)
            expit = self.expit
            note = "SciPy's expit, which scikit-learn calls"
            return lambda: expit(data.X, out=out), lambda: (None, [expit(data.X, out=out)]), note, None

        softmax = task["output"] == "softmax"
        net = self.MLPClassifier(
            hidden_layer_sizes=tuple(data.sizes[1:-1]),
            activation="logistic" if task["hidden"] == "sigmoid" else "relu",
            alpha=0.0,
        )
        # What fit() sets up before the first batch.
        net.n_layers_ = len(data.sizes)
        net.n_outputs_ = data.sizes[-1]
        net.out_activation_ = "softmax" if softmax else "logistic"
        net.coefs_, net.intercepts_ = data.weights, data.biases
        if task["kind"] == "forward":

            def forward():
                return net._forward_pass_fast(data.X, check_input=False)

            return forward, lambda: (None, [forward()]), None, None

        count = len(data.weights)
        activations = [data.X] + [None] * count
        deltas = [None] * count
        by_weights = [np.empty_like(w) for w in data.weights]
        by_biases = [np.empty_like(b) for b in data.biases]
        arguments = [data.X, data.y, activations, deltas, by_weights, by_biases]
        if "sample_weight" in inspect.signature(net._backprop).parameters:
            arguments.insert(2, None)

        def result():
            loss, weights, biases = net._backprop(*arguments)
            return float(loss), [each for pair in zip(weights, biases) for each in pair]

        if softmax:
            return lambda: net._backprop(*arguments)[0], result, None, None
        note = "binary cross-entropy: it has no squared error behind a sigmoid"
        return lambda: net._backprop(*arguments)[0], result, note, {"loss": "binaryCrossEntropy"}


class SklearnTraining:
    """Whole trainings by MLPClassifier.fit, on the tables of train/tables.ts."""

    def __init__(self):
        import warnings

        import sklearn
        from sklearn.neural_network import MLPClassifier

        warnings.filterwarnings("ignore")  # it has not converged: the epochs are given
        self.MLPClassifier = MLPClassifier
        self.version = f"scikit-learn {sklearn.__version__}, NumPy {np.__version__}"

    def prepare(self, task):
        digits = task["data"] == "digits"
        table = np.loadtxt(task["path"], delimiter=",", skiprows=0 if digits else 1)
        X, y = table[:, : task["inputs"]], table[:, task["inputs"]].astype(int)
        X = X / 16 if digits else (X - X.mean(axis=0)) / X.std(axis=0)
        X = X.astype(np.float32 if task["dtype"] == "f32" else np.float64)

        def once():
            model = self.MLPClassifier(
                hidden_layer_sizes=[task["hidden"]],
                activation=task["activation"],
                solver=task["solver"],
                batch_size=task["batchSize"],
                learning_rate_init=task["learningRate"],
                max_iter=task["epochs"],
                momentum=0,
                nesterovs_momentum=False,
                alpha=0,
                tol=0,
                n_iter_no_change=10**9,
                random_state=1,
            )
            start = time.perf_counter()
            model.fit(X, y)
            return (time.perf_counter() - start) * 1e3, model

        def sample():
            # As train/training.ts has it.
            ms, _ = once()
            return once()[0] if ms < 500 else ms

        def result():
            return None, [[once()[1].score(X, y)]]

        return SelfTimed(sample), result, None, None


class TorchTraining:
    """An epoch or more of MNIST, eager, as its tutorials have it: rows of a random order, batch by batch."""

    def __init__(self):
        import torch

        torch.set_num_threads(int(os.environ["OMP_NUM_THREADS"]))
        self.torch = torch
        self.version = f"PyTorch {torch.__version__}, threads: {torch.get_num_threads()}"

    def prepare(self, task):
        torch = self.torch

        def read(part):
            pixels = np.fromfile(task["path"] + part + "-images-idx3-ubyte", np.uint8)[16:].reshape(-1, task["inputs"])
            labels = np.fromfile(task["path"] + part + "-labels-idx1-ubyte", np.uint8)[8:]
            return torch.from_numpy(pixels.astype(np.float32) / 255), torch.from_numpy(labels.astype(np.int64))

        X, y = read("train")
        cross_entropy = torch.nn.functional.cross_entropy

        def once():
            torch.manual_seed(1)
            first, last = (task["inputs"], task["hidden"]), (task["hidden"], task["outputs"])
            net = torch.nn.Sequential(torch.nn.Linear(*first), torch.nn.ReLU(), torch.nn.Linear(*last))
            optimizer = torch.optim.Adam(net.parameters(), lr=task["learningRate"])
            start = time.perf_counter()
            for _ in range(task["epochs"]):
                for at in torch.randperm(len(y)).split(task["batchSize"]):
                    optimizer.zero_grad()
                    cross_entropy(net(X[at]), y[at]).backward()
                    optimizer.step()
            return (time.perf_counter() - start) * 1e3, net

        def sample():
            # As train/training.ts has it.
            ms, _ = once()
            return once()[0] if ms < 500 else ms

        def result():
            net, (test, labels) = once()[1], read("t10k")
            with torch.inference_mode():
                return None, [[(net(test).argmax(1) == labels).float().mean().item()]]

        return SelfTimed(sample), result, None, None


class TorchWidths:
    """Trainings of widths/task.ts: eager, with autograd and torch.optim.Adam."""

    def __init__(self):
        import torch

        torch.set_num_threads(int(os.environ["OMP_NUM_THREADS"]))
        self.torch = torch
        self.version = f"PyTorch {torch.__version__}, threads: {torch.get_num_threads()}"

    def prepare(self, task):
        torch, data = self.torch, Data(task)
        X, labels = torch.from_numpy(data.X), torch.from_numpy(data.labels)
        cross_entropy = torch.nn.functional.cross_entropy
        batch, epochs = task["batchSize"], task["epochs"]
        batches = list(zip(X.split(batch), labels.split(batch)))

        def train():
            model = torch.nn.Sequential()
            for i, (w, b) in enumerate(zip(data.weights, data.biases)):
                if i > 0:
                    model.append(torch.nn.ReLU())
                layer = torch.nn.Linear(*w.shape)
                with torch.no_grad():
                    layer.weight.copy_(torch.from_numpy(w.T.copy()))
                    layer.bias.copy_(torch.from_numpy(b))
                model.append(layer)
            optimizer = torch.optim.Adam(model.parameters(), lr=task["learningRate"])
            start = time.perf_counter()
            for _ in range(epochs):
                for x, y in batches:
                    optimizer.zero_grad(set_to_none=True)
                    cross_entropy(model(x), y).backward()
                    optimizer.step()
            ms = (time.perf_counter() - start) * 1e3
            with torch.no_grad():
                return ms, cross_entropy(model(X), labels).item()

        def result():
            loss = train()[1]
            return loss, [[loss]]

        def sample():
            # As widths/task.ts has it.
            spent = 0
            while spent < 500:
                ms = train()[0]
                spent += ms
            return ms / epochs

        return SelfTimed(sample), result, None, None


class SklearnSparse:
    """What MLPRegressor.fit calls for a batch of sparse rows: its private _backprop, on a csr_matrix."""

    def __init__(self):
        import sklearn
        from scipy.sparse import csr_matrix
        from sklearn.neural_network import MLPRegressor

        self.csr_matrix, self.MLPRegressor = csr_matrix, MLPRegressor
        self.version = f"scikit-learn {sklearn.__version__}, NumPy {np.__version__}"

    def prepare(self, task):
        rows, inputs, hidden = task["rows"], task["inputs"], task["hidden"]
        rng = np.random.RandomState(task["seed"])
        indptr, indices, data = [0], [], []
        for _ in range(rows):
            columns = np.unique(np.floor(rng.random_sample(task["drawn"]) * inputs).astype(np.int32))
            indices.append(columns)
            data.append((rng.random_sample(len(columns)) - 0.5).astype(np.float32))
            indptr.append(indptr[-1] + len(columns))
        X = self.csr_matrix((np.concatenate(data), np.concatenate(indices), indptr), (rows, inputs))
        y = rng.random_sample((rows, 1)).astype(np.float32)
        shapes = [(inputs, hidden), (hidden,), (hidden, 1), (1,)]
        drawn = (np.random.RandomState(task["seed"] + 1).random_sample(sum(map(math.prod, shapes))) - 0.5) / 10
        parts, at = [], 0
        for shape in shapes:
            parts.append(drawn[at : at + math.prod(shape)].astype(np.float32).reshape(shape))
            at += math.prod(shape)
        net = self.MLPRegressor(hidden_layer_sizes=(hidden,), activation="relu", alpha=0.0)
        # What fit() sets up before the first batch.
        net.n_layers_, net.n_outputs_, net.out_activation_ = 3, 1, "identity"
        net.coefs_, net.intercepts_ = parts[::2], parts[1::2]
        by_weights = [np.empty_like(w) for w in net.coefs_]
        by_biases = [np.empty_like(b) for b in net.intercepts_]
        arguments = [X, y, [X, None, None], [None, None], by_weights, by_biases]
        if "sample_weight" in inspect.signature(net._backprop).parameters:
            arguments.insert(2, None)

        def result():
            loss, weights, biases = net._backprop(*arguments)
            return float(loss), [np.asarray(weights[0])[:1000], biases[0], weights[1]]

        return lambda: net._backprop(*arguments)[0], result, None, None


class SelfTimed:
    """What times itself."""

    call_ms = 0

    def __init__(self, sample):
        self.sample = sample


class Timer:
    """As measure.ts: batches of calls, the median over those of a slice."""

    BATCH_MS = 0.25

    def __init__(self, run, effort):
        self.run, self.slice = run, effort["sliceMs"]
        self.now = time.process_time if effort.get("cpuTime") else time.perf_counter
        now, start = time.perf_counter, time.perf_counter()
        last, calls, self.call_ms = start, 1, math.inf
        while True:
            for _ in range(calls):
                run()
            t = now()
            self.call_ms = min(self.call_ms, (t - last) * 1e3 / calls)
            if t - last < 1e-3:
                calls *= 2
            last = t
            if (last - start) * 1e3 >= effort["warmUpMs"]:
                break
        self.calls = max(1, math.ceil(min(self.BATCH_MS, self.slice) / self.call_ms))

    def sample(self):
        now, run, calls, times, total = self.now, self.run, range(self.calls), [], 0.0
        while total * 1e3 < self.slice or not times:
            t = now()
            for _ in calls:
                run()
            times.append(now() - t)
            total += times[-1]
        return float(np.median(times)) * 1e3 / self.calls


def main():
    out, sys.stdout = sys.stdout, sys.stderr
    subject = result = run = timer = None

    def answer(request):
        nonlocal subject, run, result, timer
        op = request["op"]
        if op == "load":
            subject = globals()[sys.argv[1]]()
            return {"version": subject.version + blas()}
        if op == "prepare":
            run, result, note, variant = subject.prepare(request["task"])
            loss, values = result()
            flat = np.concatenate([np.asarray(each, np.float64).ravel() for each in values])
            encoded = base64.b64encode(flat.astype("<f8").tobytes()).decode()
            return {"note": note, "variant": variant, "loss": loss, "values": encoded}
        if op == "warmUp":
            timer = run if isinstance(run, SelfTimed) else Timer(run, request["effort"])
            return {"callMs": timer.call_ms}
        return {"ms": timer.sample()}

    for line in sys.stdin:
        try:
            reply = answer(json.loads(line))
        except Exception as error:
            reply = {"error": f"{type(error).__name__}: {error}", "cannot": isinstance(error, CannotDo)}
        out.write(json.dumps(reply) + "\n")
        out.flush()


main()
