package ai.transonnx.runtime;

/** One dimension of what a model takes or gives: a fixed size, or a name for the call's size. */
public sealed interface Dim {
  /** A size that every call has. */
  record Fixed(long size) implements Dim {
    @Override
    public String toString() {
      return Long.toString(size);
    }
  }

  /** A size that each call chooses; equal names have equal sizes. */
  record Named(String name) implements Dim {
    @Override
    public String toString() {
      return name;
    }
  }

  /** A size of which the model says nothing. */
  record Unnamed() implements Dim {
    @Override
    public String toString() {
      return "?";
    }
  }
}
