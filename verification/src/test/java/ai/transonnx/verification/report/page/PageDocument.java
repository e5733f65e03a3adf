package ai.transonnx.verification.report.page;

import ai.transonnx.verification.report.VerificationReport;
import java.io.StringReader;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Attr;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;

/** A page as a tree of elements, which it only becomes if it is well-formed XML. */
record PageDocument(Document document) {
  static PageDocument of(VerificationReport report) throws Exception {
    return of(ReportPage.html(report));
  }

  static PageDocument of(String html) throws Exception {
    var source = new InputSource(new StringReader(html));
    return new PageDocument(
        DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(source));
  }

  /** The elements of a name, or all of them. */
  List<Element> elements(String name) {
    return elements(document.getDocumentElement(), name);
  }

  static List<Element> elements(Element parent, String name) {
    var nodes = parent.getElementsByTagName(name);
    return IntStream.range(0, nodes.getLength()).mapToObj(i -> (Element) nodes.item(i)).toList();
  }

  Stream<Attr> attributes() {
    return elements("*").stream()
        .flatMap(
            element ->
                IntStream.range(0, element.getAttributes().getLength())
                    .mapToObj(i -> (Attr) element.getAttributes().item(i)));
  }

  /** What readers see, and the titles that they see when they point at a cell. */
  String text() {
    var texts = new StringBuilder(document.getDocumentElement().getTextContent());
    attributes().forEach(attribute -> texts.append('\n').append(attribute.getValue()));
    return texts.toString();
  }
}
