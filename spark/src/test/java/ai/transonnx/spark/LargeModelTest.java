package ai.transonnx.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model of more than 2 GiB, which an executor process fetches from the driver. */
@Tag("cluster")
class LargeModelTest {
  @TempDir private Path folder;

  @Test
  void aModelMayBeLargerThanAnyArray() throws Exception {
    try (var cluster = new LocalCluster(1, "512m")) {
      var job =
          cluster.java(
              cluster.driverClassPath(),
              LargeModelJob.class.getName(),
              cluster.master(),
              LocalCluster.projectClasses(),
              folder.toString());
      var output = new StringBuilder();
      var results = new TreeSet<String>();
      try (var lines = job.inputReader()) {
        for (var line = lines.readLine(); line != null; line = lines.readLine()) {
          output.append(line).append('\n');
          if (line.startsWith(LargeModelJob.RESULT)) {
            results.add(line.substring(LargeModelJob.RESULT.length()));
          }
        }
      }
      assertEquals(0, job.waitFor(), output::toString);
      assertEquals("[ab [0.0,0.0,0.0,0.0], az [0.5,0.0,0.0,0.0]]", results.toString());
    }
  }
}
