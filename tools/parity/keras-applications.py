"""Writes a network of keras.applications with random weights, for packages/weights/src/keras/keras.parity.ts.

python tools/parity/keras-applications.py FOLDER NETWORK SIZE CLASSES FILE…

FOLDER gets each FILE (.h5, .keras, .weights.h5), images.bin (uint8, [2, SIZE, SIZE, 3]) and logits.bin
(float32, [2, CLASSES]). Needs keras and tensorflow.
"""

import os
import sys
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
# oneDNN's kernels divide by zero in some pooling and depthwise layers (TensorFlow 2.21).
os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"
import keras  # noqa: E402
import numpy  # noqa: E402
from random_weights import randomize  # noqa: E402

folder, name, size, classes, *files = sys.argv[1:]
folder, size, classes = Path(folder), int(size), int(classes)
random = numpy.random.default_rng(0)
create = getattr(keras.applications, name)
network = create(weights=None, input_shape=(size, size, 3), classes=classes, classifier_activation=None)
randomize(network.layers, random)
for file in files:
    (network.save_weights if file.endswith(".weights.h5") else network.save)(folder / file)
module = sys.modules[create.__module__]
images = random.integers(0, 256, (2, size, size, 3), dtype=numpy.uint8)
(folder / "images.bin").write_bytes(images.tobytes())
logits = network.predict(module.preprocess_input(images.astype("float32")), verbose=0)
(folder / "logits.bin").write_bytes(logits.astype("float32").tobytes())
