"""Runs ONNX files for `transonnx verify`: docs/runners.md describes the protocol.

python3 runner.py onnxruntime    with the package onnxruntime
python3 runner.py onnx           with the reference evaluator of the package onnx
"""

import ctypes
import json
import os
import platform
import struct
import sys

# Libraries that print must not disturb the protocol.
ANSWERS = os.fdopen(os.dup(1), "w", encoding="ascii")
os.dup2(2, 1)

# The names in safetensors files, the numbers in ONNX files, and NumPy's types.
# NumPy has no bfloat16, which is read and written as uint16.
TYPES = [
    ("F32", 1, "float32"),
    ("U8", 2, "uint8"),
    ("I8", 3, "int8"),
    ("U16", 4, "uint16"),
    ("I16", 5, "int16"),
    ("I32", 6, "int32"),
    ("I64", 7, "int64"),
    ("BOOL", 9, "bool"),
    ("F16", 10, "float16"),
    ("F64", 11, "float64"),
    ("U32", 12, "uint32"),
    ("U64", 13, "uint64"),
    ("BF16", 16, "uint16"),
]
NUMPY_OF = {name: numpy_type for name, _, numpy_type in TYPES}
NAME_OF_NUMBER = {number: name for name, number, _ in TYPES}
NAME_OF_NUMPY = {numpy_type: name for name, _, numpy_type in TYPES if name != "BF16"}
BFLOAT16 = 16


def read(path):
    """Returns {name: (name of the type, array)}; arrays of BF16 are of uint16."""
    with open(path, "rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(length))
        data = file.read()
    tensors = {}
    for name, tensor in header.items():
        if name != "__metadata__":
            begin, end = tensor["data_offsets"]
            array = numpy.frombuffer(data[begin:end], NUMPY_OF[tensor["dtype"]])
            tensors[name] = (tensor["dtype"], array.reshape(tensor["shape"]))
    return tensors


def write(path, tensors):
    """Writes {name: (name of the type, shape, bytes)}."""
    header = {}
    offset = 0
    for name, (dtype, shape, data) in tensors.items():
        header[name] = {
            "dtype": dtype,
            "shape": list(shape),
            "data_offsets": [offset, offset + len(data)],
        }
        offset += len(data)
    text = json.dumps(header).encode()
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)))
        file.write(text)
        for _, _, data in tensors.values():
            file.write(data)


class OnnxRuntime:
    """The package onnxruntime, on the CPU."""

    LEVELS = {
        "none": "ORT_DISABLE_ALL",
        "basic": "ORT_ENABLE_BASIC",
        "extended": "ORT_ENABLE_EXTENDED",
        "all": "ORT_ENABLE_ALL",
    }
    PROVIDER = "CPUExecutionProvider"

    def __init__(self):
        import onnxruntime

        self.api = onnxruntime
        onnxruntime.set_default_logger_severity(4)

    def fingerprint(self):
        properties = {}
        if hasattr(self.api, "get_build_info"):
            properties["build"] = self.api.get_build_info()
        return "onnxruntime-python", self.api.__version__, self.PROVIDER, properties

    def load(self, model, options):
        settings = self.api.SessionOptions()
        settings.log_severity_level = 4
        settings.graph_optimization_level = getattr(
            self.api.GraphOptimizationLevel, self.LEVELS[options.get("level", "all")]
        )
        settings.intra_op_num_threads = options.get("threads", 0)
        settings.add_session_config_entry("session.load_model_format", "ONNX")
        # Products with quantized weights in float32, as the operators are defined.
        settings.add_session_config_entry("session.qdq_matmulnbits_accuracy_level", "1")
        return self.api.InferenceSession(model, settings, providers=[self.PROVIDER])

    def run(self, session, inputs, outputs):
        feeds = {name: self.value(*tensor) for name, tensor in inputs.items()}
        values = session.run_with_ort_values(outputs, feeds)
        return {name: self.tensor(value) for name, value in zip(outputs, values)}

    def value(self, dtype, array):
        if dtype == "BF16":
            return self.api.OrtValue.ortvalue_from_numpy_with_onnx_type(array, BFLOAT16)
        return self.api.OrtValue.ortvalue_from_numpy(array)

    def tensor(self, value):
        """A tensor's type, shape and bytes; arrays of NumPy cannot be bfloat16."""
        dtype = NAME_OF_NUMBER[value.element_type()]
        size = numpy.dtype(NUMPY_OF[dtype]).itemsize
        for length in value.shape():
            size *= length
        data = ctypes.string_at(value.data_ptr(), size) if size else b""
        return dtype, value.shape(), data


class Reference:
    """The reference evaluator of the package onnx."""

    def __init__(self):
        import onnx
        import onnx.reference

        self.api = onnx

    def fingerprint(self):
        return "onnx-reference", self.api.__version__, "NumPy", {}

    def load(self, model, options):
        return self.api.reference.ReferenceEvaluator(model)

    def run(self, evaluator, inputs, outputs):
        feeds = {name: self.value(*tensor) for name, tensor in inputs.items()}
        values = evaluator.run(outputs, feeds)
        return {name: self.tensor(value) for name, value in zip(outputs, values)}

    def value(self, dtype, array):
        if dtype == "BF16":
            import ml_dtypes

            return array.view(ml_dtypes.bfloat16)
        return array

    def tensor(self, value):
        array = numpy.asarray(value)
        dtype = "BF16" if array.dtype.name == "bfloat16" else NAME_OF_NUMPY[array.dtype.name]
        return dtype, array.shape, array.tobytes()


PACKAGES = {"onnxruntime": OnnxRuntime, "onnx": Reference}


def answer(message):
    ANSWERS.write(json.dumps(message) + "\n")
    ANSWERS.flush()


def line(error):
    return " ".join(f"{type(error).__name__}: {error}".split())[:4000]


def start(package):
    """Reports that this program is ready, and returns the runtime; None if it is missing."""
    global numpy
    try:
        import numpy

        runtime = PACKAGES[package]()
        name, version, provider, properties = runtime.fingerprint()
    except Exception as error:
        answer(
            {
                "ready": False,
                "error": f"{sys.executable}: {line(error)}",
                "install": f"{sys.executable} -m pip install {package} numpy",
            }
        )
        return None
    properties["python"] = platform.python_version()
    properties["numpy"] = numpy.__version__
    answer(
        {
            "ready": True,
            "fingerprint": {
                "runtime": name,
                "version": version,
                "provider": provider,
                "properties": properties,
            },
        }
    )
    return runtime


def serve(runtime):
    models = {}
    for request in sys.stdin:
        request = json.loads(request)
        try:
            if request["op"] == "exit":
                return
            elif request["op"] == "load":
                models[request["id"]] = runtime.load(request["model"], request["options"])
            elif request["op"] == "unload":
                del models[request["id"]]
            elif request["op"] == "run":
                inputs = read(request["inputs"])
                outputs = runtime.run(models[request["id"]], inputs, request["outputs"])
                write(request["result"], outputs)
            else:
                raise ValueError(f"unknown operation {request['op']}")
            answer({"ok": True})
        except Exception as error:
            answer({"ok": False, "error": line(error)})


if __name__ == "__main__":
    RUNTIME = start(sys.argv[1])
    if RUNTIME:
        serve(RUNTIME)
