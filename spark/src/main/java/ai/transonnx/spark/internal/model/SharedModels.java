package ai.transonnx.spark.internal.model;

import ai.transonnx.runtime.Cancellation;
import ai.transonnx.runtime.ModelOptions;
import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.RunLimit;
import ai.transonnx.runtime.text.Tokenizer;
import ai.transonnx.runtime.text.Tokenizers;
import ai.transonnx.spark.internal.file.ModelSource;
import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The models and tokenizers of this process, each loaded once for all tasks that use the same
 * content. Any thread may call it.
 */
public final class SharedModels {
  /** The configuration entry with the time for which an unused model stays open. */
  public static final String IDLE_TIME = "spark.transonnx.modelIdleTime";

  private static final Logger LOG = LoggerFactory.getLogger(SharedModels.class);
  private static final String DEFAULT_IDLE_TIME = "60s";

  private static final ScheduledThreadPoolExecutor TIMER = timer();
  private static final SharedPool<ModelKey, OnnxModel> MODELS = new SharedPool<>(TIMER);
  private static final SharedPool<TokenizerKey, Tokenizer> TOKENIZERS = new SharedPool<>(TIMER);
  private static final AtomicLong LOADS = new AtomicLong();

  private SharedModels() {}

  private record ModelKey(String sha256, int threads) {}

  /**
   * A tokenizer.
   *
   * @param model the hash of the model, whose vocabulary is checked
   * @param file the hash of the tokenizer's file; empty for the model's own
   */
  private record TokenizerKey(String model, String file) {}

  private static ScheduledThreadPoolExecutor timer() {
    var timer =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              var thread = new Thread(task, "transonnx-models");
              thread.setDaemon(true);
              return thread;
            });
    timer.setRemoveOnCancelPolicy(true);
    return timer;
  }

  /**
   * The use of a model by one task. The task closes it.
   *
   * @param model shared with other tasks
   * @param tokenizer shared with other tasks
   */
  public record Lease(
      OnnxModel model,
      Tokenizer tokenizer,
      SharedPool<?, OnnxModel>.Lease modelLease,
      SharedPool<?, Tokenizer>.Lease tokenizerLease)
      implements AutoCloseable {
    @Override
    public void close() {
      tokenizerLease.close();
      modelLease.close();
    }
  }

  /**
   * A model with its tokenizer, which are loaded if no task of this process uses them yet.
   *
   * @param tokenizer null for the model's own
   * @param cancellation gives up loading
   * @throws ai.transonnx.TransonnxException if a file is missing, damaged or another than planned
   */
  public static Lease acquire(
      ModelSource model, @Nullable ModelSource tokenizer, Cancellation cancellation) {
    var file = model.local();
    var idle = idleTime();
    var key = new ModelKey(file.sha256(), threads());
    var modelLease = MODELS.acquire(key, () -> load(file, key.threads(), cancellation), idle);
    try {
      var loaded = modelLease.value();
      var ownFile = tokenizer == null ? null : tokenizer.local();
      var tokenizerKey = new TokenizerKey(file.sha256(), ownFile == null ? "" : ownFile.sha256());
      var tokenizerLease =
          TOKENIZERS.acquire(
              tokenizerKey,
              () ->
                  ownFile == null
                      ? Tokenizers.of(loaded)
                      : Tokenizers.open(ownFile.file(), loaded.file(), loaded.metadata()),
              idle);
      return new Lease(loaded, tokenizerLease.value(), modelLease, tokenizerLease);
    } catch (RuntimeException | Error e) {
      modelLease.close();
      throw e;
    }
  }

  private static OnnxModel load(ModelSource.Local file, int threads, Cancellation cancellation) {
    // Tasks compete for the processors, so a thread that waits for another must not spin.
    var options =
        ModelOptions.builder().threads(threads).runLimit(RunLimit.none()).withoutSpinning();
    var model = OnnxModel.load(file.file(), options.build(), cancellation);
    LOADS.incrementAndGet();
    LOG.info("{}: loaded with {} threads; SHA-256 {}", file.file(), threads, file.sha256());
    return model;
  }

  /** The processors of one task: {@code spark.task.cpus}. */
  private static int threads() {
    var task = TaskContext.get();
    return task == null ? 1 : task.cpus();
  }

  private static Duration idleTime() {
    var spark = SparkEnv.get();
    return spark == null
        ? Duration.ZERO
        : Duration.ofSeconds(spark.conf().getTimeAsSeconds(IDLE_TIME, DEFAULT_IDLE_TIME));
  }

  /** The number of models that this process has loaded. */
  public static long loads() {
    return LOADS.get();
  }

  /** The number of models that are open. */
  public static int open() {
    return MODELS.size();
  }
}
