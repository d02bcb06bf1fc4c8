package io.gracefuldrain.lab.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.gracefuldrain.lab.report.SessionLine.Posts;
import org.junit.jupiter.api.Test;

class SessionLineTest {
  @Test
  void parse_lineOfAnEarlierVersion_hasNoPosts() {
    SessionLine line = parse("");
    assertThat(line.posted()).isEqualTo(Posts.NONE);
    assertThat(line.kept()).isZero();
  }

  @Test
  void and_twoLines_joinsTheirPosts() {
    SessionLine both =
        parse(",\"kept\":2,\"posts\":{\"count\":3,\"first\":1,\"last\":3,\"odd\":0}")
            .and(parse(",\"kept\":1,\"posts\":{\"count\":1,\"first\":5,\"last\":5,\"odd\":0}"));
    assertThat(both.posted()).isEqualTo(new Posts(4, 1L, 5L, 1));
    assertThat(both.kept()).isEqualTo(3);
  }

  private static SessionLine parse(String more) {
    return (SessionLine)
        PodLine.parse(
                "{\"ledger\":\"session\",\"pod\":\"p\",\"sid\":\"s\",\"sent\":1,\"up\":0"
                    + more
                    + "}")
            .orElseThrow();
  }
}
