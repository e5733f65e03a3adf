package ai.transonnx.benchmarks;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * How fast the machine reads memory: all threads look at each cache line of their part once, in
 * eight streams, since one waits more than it reads.
 */
final class ReadBandwidth {
  private static final int LINE = 64 / Long.BYTES;

  private final long[][] parts;
  private long seen;

  /** Memory of so many bytes, in a part a thread. */
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

  /** What has been read, so that nothing can be left out. */
  long seen() {
    return seen;
  }

  /** Bytes of a {@link #run}. */
  long bytes() {
    return Arrays.stream(parts).mapToLong(part -> (long) part.length * Long.BYTES).sum();
  }
}
