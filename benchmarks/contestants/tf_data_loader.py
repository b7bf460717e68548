"""tf.data: passes over image files, of which only the crop is decoded; scaled without antialiasing, as is its default.

Usage: python tf_data_loader.py '{"list":"photos.json","batchSize":32,"jitter":{"brightness":0.4}}'
"""

import json
import os
import sys

from turns import take_turns

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "2"
try:
    import tensorflow as tf
except ImportError:
    print("missing TensorFlow")
    sys.exit()

options = json.loads(sys.argv[1])
with open(options["list"]) as file:
    photos = json.load(file)
jitter = options["jitter"]


def factors(name: str) -> tuple[float, float]:
    return 1 - jitter[name], 1 + jitter[name]


def load(path, label):
    data = tf.io.read_file(path)
    begin, size, _ = tf.image.sample_distorted_bounding_box(
        tf.image.extract_jpeg_shape(data),
        tf.zeros([0, 0, 4]),
        aspect_ratio_range=(3 / 4, 4 / 3),
        area_range=(0.08, 1),
        max_attempts=10,
        use_image_if_no_bounding_boxes=True,
    )
    window = tf.concat([begin[:2], size[:2]], 0)
    image = tf.image.resize(tf.image.decode_and_crop_jpeg(data, window, channels=3), [224, 224])
    image = tf.image.random_flip_left_right(image)
    # A factor for each, as the others have it; tf.image.random_brightness adds.
    image = image * tf.random.uniform([], *factors("brightness"))
    image = tf.image.random_contrast(image, *factors("contrast"))
    image = tf.image.random_saturation(image, *factors("saturation"))
    if jitter.get("hue"):
        image = tf.image.random_hue(image, jitter["hue"])
    return tf.cast(tf.clip_by_value(image, 0, 255), tf.uint8), label


dataset = tf.data.Dataset.from_tensor_slices(([p["path"] for p in photos], [p["label"] for p in photos]))
dataset = dataset.shuffle(len(photos)).map(load, num_parallel_calls=os.cpu_count())
dataset = dataset.batch(options["batchSize"]).prefetch(tf.data.AUTOTUNE)


def one_pass() -> None:
    count = sum(len(labels) for _, labels in dataset)
    assert count == len(photos), count


take_turns(f"tensorflow {tf.__version__}, a parallel call for each core", one_pass)
