"""Transonnx for PySpark: wrappers of the transformers in transonnx-spark-VERSION-all.jar.

The package has the name of the Java package, as PySpark needs to load a stage of a pipeline.

    spark-submit --jars transonnx-spark-VERSION-all.jar --py-files transonnx-spark-VERSION-all.jar job.py
"""

from pyspark.ml.param import Param, Params, TypeConverters
from pyspark.ml.util import JavaMLReadable, JavaMLWritable
from pyspark.ml.wrapper import JavaTransformer
from pyspark.sql import SparkSession

__all__ = ["TransonnxScorer", "TransonnxEmbedder", "TransonnxGenerator", "add_model"]

_TEXT = {
    "inputCol": (TypeConverters.toString, "the column with the texts"),
    "outputCol": (TypeConverters.toString, "the new column with the results"),
    "errorCol": (TypeConverters.toString, "the new column with the reasons of invalid rows"),
    "handleInvalid": (TypeConverters.toString, "'error', 'skip' or 'keep'"),
    "modelPath": (TypeConverters.toString, "the ONNX file"),
    "tokenizerPath": (TypeConverters.toString, "the tokenizer.json"),
    "addSpecialTokens": (TypeConverters.toBoolean, "whether special tokens are added to each text"),
    "exact": (TypeConverters.toBoolean, "whether each row is computed in calls of its own"),
    "batchSize": (TypeConverters.toInt, "the maximum number of rows in a call of the model"),
}


class _TextTransformer(JavaTransformer, JavaMLReadable, JavaMLWritable):
    """Takes the parameters of the Java class as keyword arguments, and has a setter for each."""

    def __init__(self, **params):
        super().__init__()
        self._java_obj = self._new_java_obj("ai.transonnx.spark." + type(self).__name__, self.uid)
        self._set(**params)

    def __getattr__(self, name):
        if name.startswith(("set", "get")) and len(name) > 3:
            param = name[3].lower() + name[4:]
            if param in type(self)._PARAMS:
                if name.startswith("set"):
                    return lambda value: self._set(**{param: value})
                return lambda: self.getOrDefault(param)
        raise AttributeError(f"{type(self).__name__} has no attribute {name!r}")

    def register(self, spark, name):
        """Registers the computation as an SQL function."""
        self._transfer_params_to_java()
        self._java_obj.register(spark._jsparkSession, name)

    @classmethod
    def _from_java(cls, java_stage):
        stage = cls()
        stage._java_obj = java_stage
        stage._resetUid(java_stage.uid())
        stage._transfer_params_from_java()
        return stage


def _with_params(cls):
    for name, (converter, doc) in cls._PARAMS.items():
        setattr(cls, name, Param(Params._dummy(), name, doc, converter))
    return cls


@_with_params
class TransonnxScorer(_TextTransformer):
    """Scores texts, in bits per token by default."""

    _PARAMS = {
        **_TEXT,
        "score": (TypeConverters.toString, "'bitsPerToken', 'logLikelihood' or 'tokenBits'"),
        "truncate": (TypeConverters.toBoolean, "whether a text that is too long is cut"),
    }


@_with_params
class TransonnxEmbedder(_TextTransformer):
    """Computes the embeddings of texts."""

    _PARAMS = {
        **_TEXT,
        "outputType": (TypeConverters.toString, "'vector' or 'array'"),
        "pooling": (TypeConverters.toString, "'mean', 'first' or 'last'"),
        "normalize": (TypeConverters.toBoolean, "whether vectors have length 1"),
        "truncate": (TypeConverters.toBoolean, "whether a text that is too long is cut"),
    }


@_with_params
class TransonnxGenerator(_TextTransformer):
    """Continues texts."""

    _PARAMS = {
        **_TEXT,
        "maxTokens": (TypeConverters.toInt, "the maximum number of new tokens of a row"),
        "temperature": (TypeConverters.toFloat, "the divisor of the logits; 0 is greedy"),
        "topK": (TypeConverters.toInt, "the number of tokens from which one is drawn; 0 for all"),
        "topP": (TypeConverters.toFloat, "the probability of the tokens from which one is drawn"),
        "minP": (TypeConverters.toFloat, "the fraction of the likeliest token's probability"),
        "stop": (TypeConverters.toListString, "the texts that end a row"),
        "stopTokens": (TypeConverters.toListInt, "the tokens that end a row"),
        "seed": (TypeConverters.toInt, "the seed from which the seed of each row is derived"),
        "seedCol": (TypeConverters.toString, "the column with the key of each row's seed"),
    }


def add_model(path):
    """Adds a model of the driver to the active session, and returns its modelPath."""
    spark = SparkSession.getActiveSession()
    return spark._jvm.ai.transonnx.spark.AddedModels.add(spark._jsparkSession, path)
