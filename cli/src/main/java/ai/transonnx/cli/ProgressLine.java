package ai.transonnx.cli;

import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/** The progress of a long command: a bar on a terminal, nothing elsewhere. */
final class ProgressLine implements AutoCloseable {
  private final @Nullable ProgressBar bar;

  private ProgressLine(@Nullable ProgressBar bar) {
    this.bar = bar;
  }

  /** Starts the display of a task. */
  static ProgressLine of(String task) {
    if (!isTerminal()) {
      return none();
    }
    return new ProgressLine(
        new ProgressBarBuilder()
            .setTaskName(task)
            .setStyle(ProgressBarStyle.ASCII)
            .setUpdateIntervalMillis(200)
            .clearDisplayOnFinish()
            .build());
  }

  /** No display. */
  static ProgressLine none() {
    return new ProgressLine(null);
  }

  @SuppressWarnings(
      "SystemConsoleNull") // newer JDKs always have a console; the bar is harmless then
  private static boolean isTerminal() {
    return System.console() != null;
  }

  void update(long done, long total) {
    if (bar != null) {
      bar.maxHint(total);
      bar.stepTo(done);
    }
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
    }
  }
}
