"""Keras training on TensorFlow: steps of a compiled graph on a batch in memory.

Usage: python keras_training.py '{"model":"resnet50","size":224,"batchSize":8}'
"""

import importlib.util
import json
import os
import sys

from turns import take_turns

os.environ["KERAS_BACKEND"] = "tensorflow"
absent = [package for package in ("tensorflow", "keras") if importlib.util.find_spec(package) is None]
if absent:
    print(f"missing {absent[0]} is not installed")
    sys.exit()

import keras  # noqa: E402
import numpy as np  # noqa: E402
import tensorflow as tf  # noqa: E402
from keras_networks import network  # noqa: E402

options = json.loads(sys.argv[1])
size, batch, classes = options["size"], options["batchSize"], options.get("classes", 1000)
model = network(options["model"], size, classes)
model.compile(
    optimizer=keras.optimizers.SGD(0.01, momentum=0.9),
    loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    jit_compile=False,
)
pixels = np.random.randint(0, 256, (batch, size, size, 3), dtype=np.uint8)
labels = np.arange(batch) % classes

take_turns(
    f"keras {keras.__version__}; tensorflow {tf.__version__}", lambda: model.train_on_batch(pixels, labels)
)
