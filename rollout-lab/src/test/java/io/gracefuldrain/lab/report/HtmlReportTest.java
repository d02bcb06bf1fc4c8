package io.gracefuldrain.lab.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.gracefuldrain.lab.results.Answer;
import java.io.StringReader;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.xpath.XPathConstants;
import javax.xml.xpath.XPathFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

class HtmlReportTest {
  @Test
  void render_eachRun_hasALaneForEachPodAndClient() throws Exception {
    Run none = Runs.good().plain().build();
    Run graceful = Runs.good().build();
    Document page = page(List.of(none, graceful));
    for (Run run : List.of(none, graceful)) {
      String timeline = "//section[@id='" + run.strategy() + "']//*[local-name()='svg']";
      assertThat(count(page, timeline + "/*[@class='lane pod-lane']")).isEqualTo(run.pods().size());
      assertThat(count(page, timeline + "/*[@class='lane client-lane']"))
          .isEqualTo(run.crowd().clients().size());
    }
    assertThat(count(page, "//ul[@class='cards']/li")).isEqualTo(2);
    assertThat(count(page, "//section[h2='What clients felt']//tbody/tr")).isEqualTo(2);
  }

  @Test
  void render_gapsAndStays_areAllDrawn() throws Exception {
    Run run = Runs.good().build();
    Document page = page(List.of(run));
    String lanes = "//*[@class='lane client-lane']/*[local-name()='rect']";
    assertThat(count(page, lanes + "[@class='gap']")).isEqualTo(2);
    assertThat(count(page, lanes + "[@class='old0']")).isEqualTo(2);
    assertThat(count(page, lanes + "[@class='new0']")).isEqualTo(2);
    assertThat(count(page, lanes + "/*[local-name()='title']")).isEqualTo(6);
  }

  @Test
  void render_move_showsBothConnectionsAtOnce() throws Exception {
    Document page = page(List.of(Runs.good().withAware().build()));
    String lane = "//*[@class='lane client-lane'][@data-client='2']/*[local-name()='rect']";
    assertThat(count(page, lane + "[@class='old0']")).isEqualTo(2);
    assertThat(count(page, lane + "[@class='new0']")).isEqualTo(2);
    assertThat(count(page, lane + "[@class='gap']")).isZero();
    assertThat(count(page, lane + "[@height='5.5']")).isEqualTo(2);
    assertThat(count(page, "//td[.='moved in 60 ms; emits held: 1, duplicates dropped: 5']"))
        .isEqualTo(1);
  }

  @Test
  void render_orderCut_isInTheSentenceAndTheTable() throws Exception {
    Document page = page(List.of(Runs.good().cut(0).build()));
    assertThat(count(page, "//p[@class='sentence'][contains(., ' 1 orders cut')]")).isEqualTo(1);
    assertThat(count(page, "//section[h2='What clients felt']//th[.='orders cut']")).isEqualTo(1);
  }

  @Test
  void render_answersToConnects_haveATable() throws Exception {
    Runs told = Runs.good();
    told.client(0, "answers", List.of(new Answer(Answer.Kind.AGAIN, 2.5)));
    String table = "//details[summary='From CONNECT to its answer']//tbody/tr";
    assertThat(count(page(List.of(told.build())), table + "[td='2.5 ms']")).isEqualTo(1);
    assertThat(count(page(List.of(Runs.good().build())), table)).isZero();
  }

  @Test
  void render_strangeNames_areEscaped() throws Exception {
    Runs strange = Runs.good();
    String name = "<script>alert(1)</script>&\"'\u0007";
    strange.replaced(pod -> new PodLane(name, "old", pod.marks(), 143));
    String html = HtmlReport.render(experiment(List.of(strange.build())));
    assertThat(html).doesNotContain("<script");
    assertThat(count(parsed(html), "//*[@class='lane pod-lane']")).isEqualTo(2);
  }

  @Test
  void render_whole_asksNobodyForAnything() {
    String html = HtmlReport.render(experiment(List.of(Runs.good().build())));
    assertThat(html)
        .doesNotContain("<link", "<img", "<script", "@import", "url(")
        .contains("default-src 'none'");
    assertThat(html.replace("http://www.w3.org/2000/svg", ""))
        .doesNotContain("http://", "https://");
  }

  @Test
  void render_objections_areSaidFirst() throws Exception {
    Runs subject = Runs.good();
    subject.receipts.clear();
    Document page = page(List.of(subject.build()));
    assertThat(count(page, "//header//div[@class='objections']//li")).isEqualTo(1);
    assertThat(count(page(List.of(Runs.good().build())), "//header//div")).isZero();
  }

  private static Document page(List<Run> runs) throws Exception {
    return parsed(HtmlReport.render(experiment(runs)));
  }

  private static Experiment experiment(List<Run> runs) {
    return new Experiment("t <&>", "2026-01-01T00:00:00Z", "c", Map.of("cores", "2"), runs);
  }

  private static Document parsed(String html) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(html)));
  }

  private static int count(Document page, String path) throws Exception {
    NodeList found =
        (NodeList)
            XPathFactory.newInstance().newXPath().evaluate(path, page, XPathConstants.NODESET);
    return found.getLength();
  }
}
