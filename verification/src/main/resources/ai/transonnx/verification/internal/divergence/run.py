"""Runs model.onnx in ONNX Runtime and compares its output with the expected values.

Needs the packages onnxruntime and numpy. Ends with 1 if the difference exceeds the tolerance.
"""

import json
import os
import struct
import sys

import numpy
import onnxruntime

FOLDER = os.path.dirname(os.path.abspath(__file__))
TYPES = {
    "F64": "<f8", "F32": "<f4", "F16": "<f2", "BOOL": "?", "I64": "<i8", "I32": "<i4",
    "I16": "<i2", "I8": "i1", "U64": "<u8", "U32": "<u4", "U16": "<u2", "U8": "u1",
}
INFINITE = 1e30  # Larger elements count as infinite, as masks do.


def read_tensors(path):
    with open(path, "rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(length).decode("utf-8"))
        data = file.read()
    tensors = {}
    for name, tensor in header.items():
        if tensor["dtype"] not in TYPES:
            sys.exit("numpy has no type %s" % tensor["dtype"])
        begin, end = tensor["data_offsets"]
        elements = numpy.frombuffer(data[begin:end], dtype=TYPES[tensor["dtype"]])
        tensors[name] = elements.reshape(tensor["shape"])
    return tensors


def difference(expected, actual):
    if expected.shape != actual.shape:
        sys.exit("the shape is %s, not %s" % (actual.shape, expected.shape))
    largest = 65504 if actual.dtype == numpy.float16 else INFINITE
    expected = limited(expected, largest)
    actual = limited(actual, largest)
    same = (expected == actual) | (numpy.isnan(expected) & numpy.isnan(actual))
    with numpy.errstate(invalid="ignore"):
        distance = numpy.where(same, 0, abs(expected - actual))
    return numpy.where(numpy.isnan(distance), numpy.inf, distance).max() if distance.size else 0


def limited(elements, largest):
    elements = elements.astype(numpy.float64)
    return numpy.where(abs(elements) > largest, numpy.copysign(numpy.inf, elements), elements)


def main():
    with open(os.path.join(FOLDER, "reproduction.json"), encoding="utf-8") as file:
        settings = json.load(file)
    tensors = read_tensors(os.path.join(FOLDER, "tensors.safetensors"))
    options = onnxruntime.SessionOptions()
    levels = {
        "none": onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL,
        "basic": onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC,
        "extended": onnxruntime.GraphOptimizationLevel.ORT_ENABLE_EXTENDED,
        "all": onnxruntime.GraphOptimizationLevel.ORT_ENABLE_ALL,
    }
    options.graph_optimization_level = levels[settings["level"]]
    options.intra_op_num_threads = settings["threads"]
    options.add_session_config_entry("session.qdq_matmulnbits_accuracy_level", "1")
    session = onnxruntime.InferenceSession(
        os.path.join(FOLDER, "model.onnx"), options, providers=["CPUExecutionProvider"]
    )
    inputs = {port.name: tensors["inputs/" + port.name] for port in session.get_inputs()}
    (actual,) = session.run([settings["output"]], inputs)
    error = difference(tensors["expected/" + settings["output"]], numpy.asarray(actual))
    wrong = not error <= settings["tolerance"]
    print(
        "onnxruntime %s: the largest difference is %.6g; %.6g are allowed: %s"
        % (onnxruntime.__version__, error, settings["tolerance"], "WRONG" if wrong else "right")
    )
    sys.exit(1 if wrong else 0)


main()
