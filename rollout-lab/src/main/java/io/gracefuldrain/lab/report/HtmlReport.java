package io.gracefuldrain.lab.report;

import io.gracefuldrain.lab.results.ClientLedger;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Renders an experiment as one page that needs nothing else: no script, no font, no request. The
 * page is well-formed XML, too.
 */
public final class HtmlReport {
  private final Experiment experiment;
  private final Markup html = new Markup();

  private HtmlReport(Experiment experiment) {
    this.experiment = experiment;
  }

  /** Returns the page. */
  public static String render(Experiment experiment) {
    return new HtmlReport(experiment).page();
  }

  private String page() {
    html.raw("<!DOCTYPE html>\n");
    html.open("html", "lang", "en");
    html.open("head");
    html.empty("meta", "charset", "utf-8");
    html.empty("meta", "name", "viewport", "content", "width=device-width, initial-scale=1");
    html.empty("meta", "name", "color-scheme", "content", "light dark");
    html.empty(
        "meta",
        "http-equiv",
        "Content-Security-Policy",
        "content",
        "default-src 'none'; style-src 'unsafe-inline'");
    html.element("title", experiment.title());
    html.open("style").raw(styles("report.css")).raw(styles("chart.css")).close();
    html.close();
    html.open("body");
    header();
    html.open("main");
    glance();
    totals();
    experiment.runs().forEach(this::run);
    method();
    html.close();
    return html.close().close().toString();
  }

  private static String styles(String name) {
    try (InputStream in = HtmlReport.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException(name + " is not on the class path");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void header() {
    html.open("header");
    html.element("h1", experiment.title());
    html.element(
        "p",
        "%s runs, each under a crowd of the same sort. %s"
            .formatted(experiment.runs().size(), experiment.when()),
        "class",
        "lead");
    List<String> objections = experiment.objections();
    if (!objections.isEmpty()) {
      html.open("div", "class", "objections", "role", "note");
      html.element("strong", "This experiment does not show what it is for:");
      html.open("ul");
      objections.forEach(objection -> html.element("li", objection));
      html.close().close();
    }
    html.close();
  }

  private void glance() {
    html.open("section", "aria-labelledby", "glance-title");
    html.element("h2", "Each line is a client", "id", "glance-title");
    legend();
    html.open("ul", "class", "cards");
    experiment.runs().forEach(run -> new Summary(run, experiment.runs()).write(html));
    html.close().close();
  }

  private void legend() {
    html.open("p", "class", "legend");
    key("old0", "on an old pod");
    key("new0", "on a new pod");
    key("gap", "away");
    key("gap hard", "away, connects fail");
    html.element("span", "two colours, one above the other: a move, on both pods for a while");
    html.element(
        "span",
        "time runs to the right, to one scale for all; the line is the start of the rollout");
    html.close();
  }

  private void key(String kind, String words) {
    html.open("span", "class", "key");
    html.open("svg", "viewBox", "0 0 16 10", "aria-hidden", "true");
    html.empty("rect", "class", kind, "width", 16, "height", 10).close();
    html.text(words).close();
  }

  private void totals() {
    html.open("section", "aria-labelledby", "totals-title");
    html.element("h2", "What clients felt", "id", "totals-title");
    scroller("Totals");
    html.open("table").open("thead").open("tr");
    ResultTable.HEADS.forEach(head -> html.element("th", head, "scope", "col"));
    html.close().close().open("tbody");
    for (Run run : experiment.runs()) {
      List<String> cells = ResultTable.row(run);
      html.open("tr", "class", run.holds() ? "good" : "bad");
      html.element("th", cells.get(0), "scope", "row");
      cells.subList(1, cells.size()).forEach(cell -> html.element("td", cell));
      html.close();
    }
    html.close().close().close();
    html.element(
        "p",
        "Missed: due while a client was away, or lost on the way. Lost on the way: given to a"
            + " connection that has ended, and never received; pollers that the Service had sent"
            + " elsewhere before are counted separately, below. Orders cut: work of five seconds"
            + " that was under way when the connection ended, again without these pollers. A stock"
            + " client misses what is due during its own back-off; no server can change that. Aware"
            + " clients know the reconnect hint; where pods give none, they behave like stock ones."
            + " Their p99: how long a message takes clients that move, and how long the same"
            + " message takes clients of the same program that do not move then, in ms. Shown is"
            + " the kind with the largest ratio.",
        "class",
        "note");
    html.close();
  }

  private void scroller(String label) {
    html.open("div", "class", "scroll", "role", "region", "aria-label", label, "tabindex", "0");
  }

  private void run(Run run) {
    html.open("section", "class", "run", "id", run.strategy());
    html.element("h2", run.strategy());
    html.element("p", run.about(), "class", "about");
    scroller("Time line of " + run.strategy());
    html.raw(new Timeline(run, experiment.runs()).svg());
    html.close();
    podLegend();
    verdicts(run);
    answers(run);
    pods(run);
    clients(run);
    html.close();
  }

  private void podLegend() {
    html.open("p", "class", "legend");
    key("service", "the Service leads here");
    key("pod starting old0", "starting");
    key("pod old0", "serving");
    key("pod ending old0", "terminating");
    key("hook", "preStop");
    key("gap", "client away");
    html.close();
  }

  private void verdicts(Run run) {
    html.open("ul", "class", "verdicts");
    for (Verdict verdict : run.verdicts()) {
      String kind =
          switch (verdict.result()) {
            case PASS -> "pass";
            case FAIL -> "fail";
            case NOT_APPLICABLE -> "none";
          };
      html.open("li", "class", kind);
      html.element("span", ResultTable.sign(verdict), "class", "sign");
      html.element("strong", verdict.criterion()).text(verdict.figures()).close();
    }
    html.close();
  }

  private void pods(Run run) {
    details("Pods, second by second", List.of("pod", "what happened"));
    for (PodLane pod : run.pods()) {
      html.open("tr").element("th", pod.name(), "scope", "row");
      html.element(
          "td",
          pod.marks().stream()
              .map(
                  mark ->
                      ResultTable.seconds(mark.atMs() - run.rolloutMs())
                          + " s "
                          + mark.kind().words()
                          + (mark.note().isEmpty() ? "" : " " + mark.note()))
              .collect(Collectors.joining("; ")));
      html.close();
    }
    html.close().close().close().close();
  }

  private void answers(Run run) {
    List<List<String>> rows = Answers.rows(run.crowd().clients());
    if (rows.isEmpty()) {
      return;
    }
    details("From CONNECT to its answer", Answers.HEADS);
    for (List<String> row : rows) {
      html.open("tr").element("th", row.get(0), "scope", "row");
      row.subList(1, row.size()).forEach(cell -> html.element("td", cell));
      html.close();
    }
    html.close().close().close().close();
  }

  private void clients(Run run) {
    details("Clients, one by one", List.of("client", "pods", "away or moved", "missed", "from"));
    for (ClientLedger client : Lanes.sorted(run)) {
      html.open("tr")
          .element("th", client.kind().text() + " " + client.client(), "scope", "row")
          .element(
              "td",
              client.stays().stream()
                  .map(stay -> stay.pod() == null ? "?" : stay.pod())
                  .collect(Collectors.joining(" → ")))
          .element(
              "td",
              Stream.concat(
                      client.gaps().stream().map(Lanes::gap),
                      client.moves().stream().map(Lanes::move))
                  .collect(Collectors.joining(" | ")))
          .element("td", String.valueOf(client.counts().missing()))
          .element("td", client.source())
          .close();
    }
    html.close().close().close().close();
  }

  private void details(String summary, List<String> heads) {
    html.open("details").element("summary", summary);
    scroller(summary);
    html.open("table").open("thead").open("tr");
    heads.forEach(head -> html.element("th", head, "scope", "col"));
    html.close().close().open("tbody");
  }

  private void method() {
    html.open("section", "aria-labelledby", "method-title");
    html.element("h2", "How this was measured", "id", "method-title");
    html.open("dl");
    experiment.facts().forEach((name, value) -> html.element("dt", name).element("dd", value));
    html.element("dt", "repeat it").open("dd").element("code", experiment.command()).close();
    html.close().close();
  }
}
