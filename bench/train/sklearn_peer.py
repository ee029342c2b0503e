"""scikit-learn as a subject of npm run bench:train: a workload's name on stdin, seconds and accuracy on stdout, a line each."""

import json
import sys
import time
import warnings

import numpy as np


def read(path, inputs, scale):
    table = np.loadtxt(path, delimiter=",", skiprows=0 if "digits" in path else 1)
    X = table[:, :inputs]
    if scale == "standard":
        deviation = X.std(axis=0)
        X = (X - X.mean(axis=0)) / np.where(deviation == 0, 1, deviation)
    else:
        X = X / scale
    return X, table[:, inputs].astype(int)


def main():
    from sklearn import __version__
    from sklearn.neural_network import MLPClassifier

    warnings.filterwarnings("ignore")
    print(json.dumps({"version": f"scikit-learn {__version__}"}), flush=True)
    for line in sys.stdin:
        task = json.loads(line)
        X, y = read(task["path"], task["inputs"], task["scale"])
        X = X.astype(np.float32 if task["dtype"] == "f32" else np.float64)
        model = MLPClassifier(
            hidden_layer_sizes=task["hidden"], activation=task["activation"], solver=task["solver"],
            batch_size=task["batchSize"], learning_rate_init=task["learningRate"], max_iter=task["epochs"],
            momentum=0, nesterovs_momentum=False, alpha=0, tol=0, n_iter_no_change=10**9, random_state=1,
        )
        start = time.perf_counter()
        model.fit(X, y)
        seconds = time.perf_counter() - start
        print(json.dumps({"seconds": seconds, "accuracy": model.score(X, y)}), flush=True)


main()
