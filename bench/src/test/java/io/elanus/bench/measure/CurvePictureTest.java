package io.elanus.bench.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

class CurvePictureTest {
  @Test
  void everyCurveIsALineWithANameAndItsMarks() throws Exception {
    Document svg = draw(line("ours", false, 0.9, 4000, 0.99, 1000), line("theirs", true, 0.8, 900));

    List<Element> lines = elements(svg, "polyline");
    assertThat(lines).hasSize(2);
    assertThat(lines.get(0).hasAttribute("stroke-dasharray")).isFalse();
    assertThat(lines.get(1).hasAttribute("stroke-dasharray")).isTrue();
    assertThat(texts(svg)).contains("ours", "theirs", "0.95", "recall@10", "5,000", "500");
    assertThat(elements(svg, "circle")).hasSize(3);
  }

  @Test
  void fasterIsHigherAndMoreRecallIsToTheRight() throws Exception {
    List<Element> points = elements(draw(line("ours", false, 0.9, 4000, 0.99, 1000)), "circle");

    assertThat(number(points.get(0), "cy")).isLessThan(number(points.get(1), "cy"));
    assertThat(number(points.get(0), "cx")).isLessThan(number(points.get(1), "cx"));
  }

  @Test
  void whatTheAxisDoesNotReachIsNotDrawn() throws Exception {
    Document svg = draw(line("ours", false, 0.5, 9000, 0.9, 4000, 1, 10));

    assertThat(elements(svg, "circle")).hasSize(1);
    assertThat(texts(svg)).doesNotContain("10", "10,000");
  }

  @Test
  void namesAreText() throws Exception {
    assertThat(texts(draw(line("a < b & c", false, 0.9, 10)))).contains("a < b & c");
  }

  @Test
  void noCurvesMakeAnEmptyPicture() throws Exception {
    assertThat(elements(draw(), "polyline")).isEmpty();
  }

  private static Document draw(CurvePicture.Line... lines) throws Exception {
    String svg = new CurvePicture("title", "rate", List.of(lines)).svg();
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
  }

  private static CurvePicture.Line line(String name, boolean dashed, double... recallsAndRates) {
    List<Curve.Point> points = new ArrayList<>();
    for (int i = 0; i < recallsAndRates.length; i += 2) {
      points.add(new Curve.Point(recallsAndRates[i], recallsAndRates[i + 1]));
    }
    return new CurvePicture.Line(name, new Curve(points), dashed);
  }

  private static List<String> texts(Document svg) {
    return elements(svg, "text").stream().map(Element::getTextContent).toList();
  }

  private static double number(Element element, String attribute) {
    return Double.parseDouble(element.getAttribute(attribute));
  }

  private static List<Element> elements(Document svg, String tag) {
    NodeList nodes = svg.getElementsByTagName(tag);
    List<Element> elements = new ArrayList<>();
    for (int i = 0; i < nodes.getLength(); i++) {
      elements.add((Element) nodes.item(i));
    }
    return elements;
  }
}
