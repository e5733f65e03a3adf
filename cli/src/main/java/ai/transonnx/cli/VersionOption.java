package ai.transonnx.cli;

import ai.transonnx.export.ToolVersion;
import picocli.CommandLine.IVersionProvider;

/** What {@code --version} prints. */
final class VersionOption implements IVersionProvider {
  @Override
  public String[] getVersion() {
    return new String[] {"transonnx " + ToolVersion.current()};
  }
}
