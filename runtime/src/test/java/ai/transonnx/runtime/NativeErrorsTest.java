package ai.transonnx.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.onnxruntime.OrtException;
import org.junit.jupiter.api.Test;

class NativeErrorsTest {
  @Test
  void aMessageHasNeitherTheCodeNorTheFunctionThatReportsIt() {
    var error =
        new OrtException(
            "Error code - ORT_FAIL - message: Load model from a.onnx failed:"
                + "/onnxruntime_src/onnxruntime/core/graph/model.cc:180 onnxruntime::Model::Model("
                + "onnx::ModelProto&&, const onnxruntime::logging::Logger&)"
                + " Unsupported model IR version: 99");
    assertEquals(
        "Load model from a.onnx failed:Unsupported model IR version: 99", NativeErrors.line(error));
  }

  @Test
  void aMessageIsOneLine() {
    assertEquals("first second", NativeErrors.line(new OrtException("first\n  second\n")));
  }
}
