package ai.transonnx.benchmarks;

import ai.transonnx.architecture.GraphRequest;
import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.TokenLoop;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** The time of one generated token, early and late in a sequence of TokenShiftGPT 512 x 12. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 2, time = 2)
@Measurement(iterations = 5, time = 3)
@Fork(1)
@SuppressWarnings("NullAway.Init") // JMH calls the set-up
public class GenerationBenchmark {
  private static final int TOKENS = 16;

  /** Whether positions mix by discounted sums or by segment means. */
  @Param({"true", "false"})
  public boolean discounted;

  /** The position of the first token. */
  @Param({"10", "1000"})
  public int position;

  private OnnxModel model;
  private TokenLoop loop;
  private boolean started;

  @Setup
  public void load() {
    var request = GraphRequest.builder().incremental(true).build();
    var file = Models.export(Models.tokenShiftGpt(discounted), request);
    model = OnnxModel.load(file, Models.options());
  }

  @Setup(Level.Invocation)
  public void feedPrompt() {
    if (started) {
      loop.close();
    }
    loop = TokenLoop.of(model);
    started = true;
    loop.feed(new Random(7).longs(position, 0, 256).toArray());
  }

  @Benchmark
  @OperationsPerInvocation(TOKENS)
  public TokenLoop tokens() {
    for (int i = 0; i < TOKENS; i++) {
      loop.feed(i);
    }
    return loop;
  }

  @TearDown
  public void close() {
    loop.close();
    model.close();
  }
}
