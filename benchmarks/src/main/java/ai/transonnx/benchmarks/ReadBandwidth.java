package ai.transonnx.benchmarks;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Measures the machine's read bandwidth: each thread reads each cache line of its part once, in
 * eight streams, because a single stream is limited by latency.
 */
final class ReadBandwidth {
  private static final int LINE = 64 / Long.BYTES;

  private final long[][] parts;
  private long seen;

  /** Allocates memory, with one part for each thread. */
  ReadBandwidth(long bytes, int threads) {
    parts = new long[threads][Math.toIntExact(bytes / threads / Long.BYTES)];
    for (var part : parts) {
      Arrays.fill(part, 1);
    }
  }

  /** Reads everything once. */
  void run() {
    seen += IntStream.range(0, parts.length).parallel().mapToLong(i -> lines(parts[i])).sum();
  }

  private static long lines(long[] part) {
    long even = 0;
    long odd = 0;
    int stream = part.length / 8;
    for (int i = 0; i < stream; i += LINE) {
      even += part[i] + part[i + 2 * stream] + part[i + 4 * stream] + part[i + 6 * stream];
      odd += part[i + stream] + part[i + 3 * stream] + part[i + 5 * stream] + part[i + 7 * stream];
    }
    return even + odd;
  }

  /** A value that depends on all reads, so that the compiler cannot remove them. */
  long seen() {
    return seen;
  }

  /** The number of bytes that a {@link #run} reads. */
  long bytes() {
    return Arrays.stream(parts).mapToLong(part -> (long) part.length * Long.BYTES).sum();
  }
}
