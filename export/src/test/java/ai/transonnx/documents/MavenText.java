package ai.transonnx.documents;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

/** What documents say about Maven, compared with the build. */
public final class MavenText {
  private static final Path ROOT = Path.of("..");
  private static final String OWN_GROUP = "ai.transonnx";

  /** Libraries of other projects, by the property with their version in the build. */
  private static final Map<String, String> VERSIONS =
      Map.of(
          "onnxruntime", "onnxruntime.version",
          "onnxruntime_gpu", "onnxruntime.version");

  private static final Pattern MAVEN = Pattern.compile("(?m)^(?:mvn|\\./mvnw) .*$");
  private static final Pattern TEST = Pattern.compile("-Dtest='?(\\w+)");

  private MavenText() {}

  /** What is wrong with elements of a POM: each dependency must be one of the build. */
  public static List<String> problems(String xml) throws Exception {
    var problems = new ArrayList<String>();
    var factory = DocumentBuilderFactory.newInstance();
    factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
    Element root;
    try {
      root =
          factory
              .newDocumentBuilder()
              .parse(new InputSource(new StringReader("<all>" + xml + "</all>")))
              .getDocumentElement();
    } catch (SAXException e) {
      return List.of(String.valueOf(e.getMessage()));
    }
    for (var name : List.of("dependency", "exclusion")) {
      var elements = root.getElementsByTagName(name);
      for (int i = 0; i < elements.getLength(); i++) {
        check((Element) elements.item(i), problems);
      }
    }
    return problems;
  }

  private static void check(Element dependency, List<String> problems) throws IOException {
    var artifact = text(dependency, "artifactId").orElse("");
    var version = text(dependency, "version");
    if (text(dependency, "groupId").equals(Optional.of(OWN_GROUP))) {
      if (modules().stream().noneMatch(pom -> pom.contains("<artifactId>" + artifact + "<"))) {
        problems.add("the build has no module " + artifact);
      }
      version
          .filter(text -> !text.equals(property("version").orElse("")))
          .ifPresent(text -> problems.add(artifact + " has not the version " + text));
    } else if (VERSIONS.containsKey(artifact) && version.isPresent()) {
      var expected = property(VERSIONS.get(artifact));
      if (!version.equals(expected)) {
        problems.add("the build has %s of %s".formatted(expected, artifact));
      }
    }
  }

  private static Optional<String> text(Element parent, String name) {
    var found = parent.getElementsByTagName(name);
    return found.getLength() == 0
        ? Optional.empty()
        : Optional.of(found.item(0).getTextContent().strip());
  }

  /** The first element of the root's POM with a name. */
  private static Optional<String> property(String name) {
    try {
      var found =
          Pattern.compile("<%1$s>([^<]+)</%1$s>".formatted(Pattern.quote(name)))
              .matcher(Files.readString(ROOT.resolve("pom.xml")));
      return found.find() ? Optional.of(found.group(1)) : Optional.empty();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static List<String> modules() throws IOException {
    var poms = new ArrayList<String>();
    try (var folders = Files.list(ROOT)) {
      for (var pom : folders.map(folder -> folder.resolve("pom.xml")).toList()) {
        if (Files.isRegularFile(pom)) {
          poms.add(Files.readString(pom));
        }
      }
    }
    return poms;
  }

  /** What is wrong with commands of Maven in a text: profiles, modules, test classes. */
  public static List<String> commandProblems(String text) throws IOException {
    var problems = new ArrayList<String>();
    var pom = Files.readString(ROOT.resolve("pom.xml"));
    for (var match : MAVEN.matcher(text.replace("\\\n", " ")).results().toList()) {
      var words = match.group().replaceFirst(" #.*", "").split("\\s+");
      for (int i = 0; i < words.length; i++) {
        if (words[i].startsWith("-P")) {
          Arrays.stream(words[i].substring(2).split(","))
              .filter(profile -> !pom.contains("<id>" + profile + "</id>"))
              .forEach(profile -> problems.add("there is no profile " + profile));
        } else if (words[i].equals("-pl") && i + 1 < words.length) {
          Arrays.stream(words[i + 1].split(","))
              .filter(module -> !Files.isRegularFile(ROOT.resolve(module).resolve("pom.xml")))
              .forEach(module -> problems.add("there is no module " + module));
        }
      }
      for (var test : TEST.matcher(match.group()).results().toList()) {
        if (!exists(test.group(1) + ".java")) {
          problems.add("there is no test " + test.group(1));
        }
      }
    }
    return problems;
  }

  private static boolean exists(String name) throws IOException {
    try (var folders = Files.list(ROOT)) {
      for (var tests : folders.map(folder -> folder.resolve("src/test/java")).toList()) {
        if (Files.isDirectory(tests)) {
          try (var files = Files.walk(tests)) {
            if (files.anyMatch(file -> file.getFileName().toString().equals(name))) {
              return true;
            }
          }
        }
      }
    }
    return false;
  }
}
