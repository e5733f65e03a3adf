package ai.transonnx.runtime;

/** Where a model computes. */
public sealed interface Device {
  /** The processor. */
  Device CPU = new Cpu();

  /** The processor, with ONNX Runtime's own kernels. */
  record Cpu() implements Device {
    @Override
    public String toString() {
      return "cpu";
    }
  }
}
