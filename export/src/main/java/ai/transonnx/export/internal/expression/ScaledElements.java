package ai.transonnx.export.internal.expression;

/** Every element times a number; the product is rounded once. */
record ScaledElements(Elements of, double factor) implements Elements {
  @Override
  public void read(long from, float[] into, int at, int count) {
    of.read(from, into, at, count);
    for (int i = at; i < at + count; i++) {
      into[i] = (float) (into[i] * factor);
    }
  }
}
