package ai.transonnx.spark.internal.rows;

import ai.transonnx.runtime.Cancellation;
import ai.transonnx.runtime.InferenceException;
import ai.transonnx.runtime.ModelException;
import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.RequestException;
import ai.transonnx.runtime.generation.FinishReason;
import ai.transonnx.runtime.generation.Generation;
import ai.transonnx.runtime.generation.GenerationRequest;
import ai.transonnx.runtime.generation.Generator;
import ai.transonnx.runtime.serving.GenerationScheduler;
import ai.transonnx.runtime.serving.SchedulerOptions;
import ai.transonnx.spark.internal.model.SharedModels;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.apache.spark.TaskContext;
import org.apache.spark.TaskKilledException;
import org.jspecify.annotations.Nullable;

/**
 * Continues texts.
 *
 * @param exact whether each text is computed in calls of its own
 * @param batchSize the number of texts that share calls, unless {@code exact}
 */
public record GenerateTask(
    TextModel text, GenerationSettings settings, boolean exact, int batchSize, int windowRows)
    implements TextTask {
  @Override
  public TextComputation open(SharedModels.Lease lease, Cancellation cancellation) {
    checkInputs(lease.model());
    return new Computation(lease, cancellation);
  }

  private static void checkInputs(OnnxModel model) {
    TokenInputs.checkLanguageModel(model);
    if (model.metadata().numberToken().isPresent()) {
      throw new ModelException(
          model.file(), "its tokens stand for numbers, which a text cannot provide");
    }
  }

  private final class Computation implements TextComputation {
    private final SharedModels.Lease lease;
    private final Cancellation cancellation;
    private final Generator generator;
    private final @Nullable GenerationScheduler scheduler;
    private final @Nullable TaskContext task = TaskContext.get();

    Computation(SharedModels.Lease lease, Cancellation cancellation) {
      this.lease = lease;
      this.cancellation = cancellation;
      this.generator = Generator.of(lease.model());
      this.scheduler = exact ? null : scheduler(lease.model());
    }

    private GenerationScheduler scheduler(OnnxModel model) {
      var options =
          SchedulerOptions.builder()
              .maxRows(batchSize)
              .maxWaiting(windowRows)
              .prefixMemory(0) // texts of a column seldom begin alike
              .build();
      return GenerationScheduler.of(model, options);
    }

    @Override
    public List<RowResult> compute(List<TextRow> rows) {
      var pending = new ArrayList<Supplier<RowResult>>();
      for (var row : rows) {
        pending.add(start(row));
      }
      return pending.stream().map(Supplier::get).toList();
    }

    /** Submits a row to the scheduler if there is one; otherwise, its supplier computes it. */
    private Supplier<RowResult> start(TextRow row) {
      var content = row.text();
      if (content == null) {
        return () -> RowResult.invalid("the text is null");
      }
      try {
        var request = request(row, content);
        if (scheduler == null) {
          return () -> result(() -> generator.generate(request, cancellation));
        }
        var submitted = scheduler.submit(request, cancellation);
        return () -> result(submitted::join);
      } catch (InferenceException e) {
        var reason = RowFailure.reason(e);
        return () -> RowResult.invalid(reason);
      }
    }

    private GenerationRequest request(TextRow row, String content) {
      long[] prompt = text.encode(lease, content);
      if (prompt.length == 0) {
        throw new RequestException("the text has no tokens; a prompt has one or more");
      }
      return GenerationRequest.builder(new long[][] {prompt}, settings.options(row, content))
          .tokenizer(lease.tokenizer())
          .listener((index, token) -> stopIfKilled())
          .build();
    }

    /** Spark marks a task that it kills, and may not interrupt it. */
    private void stopIfKilled() {
      if (task != null && task.isInterrupted()) {
        cancellation.cancel();
      }
    }

    private RowResult result(Supplier<Generation> computed) {
      try {
        var generation = computed.get();
        if (generation.finishReason(0) == FinishReason.CANCELLED) {
          throw new TaskKilledException("the generation was cancelled");
        }
        return RowResult.valid(generation.text(0));
      } catch (InferenceException e) {
        return RowResult.invalid(RowFailure.reason(e));
      }
    }

    @Override
    public void close() {
      if (scheduler != null) {
        scheduler.closeNow();
      }
      lease.close();
    }
  }
}
