package ai.transonnx.golden;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.FileReader;
import java.io.FileWriter;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.util.List;
import java.util.Set;

/** Calls that open a file. */
final class OpeningCalls {
  private static final Set<String> OF_FILES =
      Set.of(
          "copy",
          "createFile",
          "createTempFile",
          "lines",
          "move",
          "newBufferedReader",
          "newBufferedWriter",
          "newByteChannel",
          "newInputStream",
          "newOutputStream",
          "readAllBytes",
          "readAllLines",
          "readString",
          "write",
          "writeString");

  private static final List<Class<?>> STREAMS =
      List.of(
          FileInputStream.class,
          FileOutputStream.class,
          FileReader.class,
          FileWriter.class,
          RandomAccessFile.class);

  static final DescribedPredicate<JavaCall<?>> OPEN_A_FILE =
      DescribedPredicate.describe("opens a file", OpeningCalls::opensFile);

  private OpeningCalls() {}

  private static boolean opensFile(JavaCall<?> call) {
    var target = call.getTarget();
    var owner = target.getOwner();
    return (owner.isEquivalentTo(Files.class) && OF_FILES.contains(target.getName()))
        || (owner.isEquivalentTo(FileChannel.class) && target.getName().equals("open"))
        || (target.getName().equals("<init>") && STREAMS.stream().anyMatch(owner::isEquivalentTo));
  }

  static DescribedPredicate<JavaClass> inOneOf(String... names) {
    var outermost = Set.of(names);
    return DescribedPredicate.describe(
        "are in one of " + outermost,
        type -> outermost.contains(type.getName().replaceFirst(".*\\.(\\w+).*", "$1")));
  }
}
