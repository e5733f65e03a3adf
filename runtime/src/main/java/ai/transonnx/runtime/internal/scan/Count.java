package ai.transonnx.runtime.internal.scan;

/** A number of things of one kind in a file, and its limit. */
final class Count {
  private final Source source;
  private final int most;
  private final String things;
  private int count;

  Count(Source source, int most, String things) {
    this.source = source;
    this.most = most;
    this.things = things;
  }

  void add() {
    source.atMost(++count, most, things);
  }
}
