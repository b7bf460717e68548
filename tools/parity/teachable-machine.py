"""Writes an image project as Teachable Machine exports it, for packages/weights/src/tfjs/teachable-machine.keras.parity.ts.

python tools/parity/teachable-machine.py FOLDER CLASSES

The network is MobileNetV2 of width 0.35, a pool, a hidden layer of 100, and a last one without a bias, nested as there, with
random weights. FOLDER gets model.json, weights.bin and metadata.json, the same as keras.h5 and keras.keras, images.bin
(uint8, [2, 224, 224, 3]) and probabilities.bin (float32, [2, CLASSES]). Needs keras and tensorflow.
"""

import json
import os
import sys
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
# oneDNN's kernels divide by zero in some pooling and depthwise layers (TensorFlow 2.21).
os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"
import keras  # noqa: E402
import numpy  # noqa: E402
from random_weights import randomize  # noqa: E402

SIZE = 224


def leaves(network):
    for layer in network.layers:
        yield from leaves(layer) if hasattr(layer, "layers") else [layer]


def topology(layer):
    """A layer's config as TensorFlow.js nests it."""
    if hasattr(layer, "layers"):
        kind = "Sequential" if isinstance(layer, keras.Sequential) else "Model"
        return {"class_name": kind, "config": {"name": layer.name, "layers": [topology(each) for each in layer.layers]}}
    return {"class_name": type(layer).__name__, "config": layer.get_config()}


def variable_name(layer, variable):
    is_depthwise = isinstance(layer, keras.layers.DepthwiseConv2D)
    return f"{layer.name}/{'depthwise_kernel' if is_depthwise else variable.name}"


folder, classes = Path(sys.argv[1]), int(sys.argv[2])
random = numpy.random.default_rng(0)
base = keras.applications.MobileNetV2(weights=None, include_top=False, alpha=0.35, input_shape=(SIZE, SIZE, 3))
pooled = keras.Sequential([base, keras.layers.GlobalAveragePooling2D()])
head = keras.Sequential(
    [
        keras.layers.Dense(100, activation="relu", name="dense_Dense1"),
        keras.layers.Dense(classes, activation="softmax", use_bias=False, name="dense_Dense2"),
    ]
)
network = keras.Sequential([keras.Input((SIZE, SIZE, 3)), pooled, head])
randomize(leaves(network), random)

variables = [(variable_name(layer, v), v.numpy()) for layer in leaves(network) for v in layer.weights]
weights = [{"name": name, "shape": list(value.shape), "dtype": "float32"} for name, value in variables]
model = {
    "modelTopology": topology(network),
    "weightsManifest": [{"paths": ["weights.bin"], "weights": weights}],
}
(folder / "model.json").write_text(json.dumps(model, default=str))
(folder / "weights.bin").write_bytes(b"".join(value.astype("<f4").tobytes() for _, value in variables))
metadata = {
    "packageName": "@teachablemachine/image",
    "userMetadata": {},
    "modelName": "tm-my-image-model",
    "labels": [f"Class {i + 1}" for i in range(classes)],
    "imageSize": SIZE,
}
(folder / "metadata.json").write_text(json.dumps(metadata))
for name in ["keras.h5", "keras.keras"]:
    network.save(folder / name)
images = random.integers(0, 256, (2, SIZE, SIZE, 3), dtype=numpy.uint8)
(folder / "images.bin").write_bytes(images.tobytes())
probabilities = network.predict(images.astype("float32") / 127 - 1, verbose=0)
(folder / "probabilities.bin").write_bytes(probabilities.astype("float32").tobytes())
