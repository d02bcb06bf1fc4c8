package io.gracefuldrain.sample.demo;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PodNewsTest {
  @Test
  void line_ofAPhase_tellsItAndWhoIsHere() {
    PodNews.News news =
        PodNews.of(
            "23:31:39.851 INFO  {\"code\":\"DRAIN-003\",\"phase\":\"MOVING\",\"from\":\"UNREADY\","
                + "\"connections\":1,\"workInFlight\":2}");
    assertThat(news).isEqualTo(new PodNews.News("MOVING", "MOVING  1 connection, 2 in flight"));
  }

  @Test
  void line_ofAReceipt_tellsTheOutcomesThatThereWere() {
    PodNews.News news =
        PodNews.of(
            "{\"code\":\"DRAIN-009\",\"phase\":\"DRAINED\",\"tracked\":3,"
                + "\"outcomes\":{\"LANDED\":2,\"LEFT\":0,\"CLOSED\":1}}");
    assertThat(news).isEqualTo(new PodNews.News(null, "receipt: 3 tracked: 2 LANDED, 1 CLOSED"));
  }

  @Test
  void line_ofAReceiptOfNobody_saysSo() {
    PodNews.News news = PodNews.of("{\"code\":\"DRAIN-009\",\"tracked\":0,\"outcomes\":{}}");
    assertThat(news).isEqualTo(new PodNews.News(null, "receipt: nobody was here"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "pod         v1-a",
        "23:31:42.892 INFO  {\"code\":\"DRAIN-008\",\"percent\":100,\"remaining\":0}",
        "{\"code\":\"DRAIN-002\", cut",
        ""
      })
  void line_ofAnythingElse_isNoNews(String line) {
    assertThat(PodNews.of(line)).isNull();
  }
}
