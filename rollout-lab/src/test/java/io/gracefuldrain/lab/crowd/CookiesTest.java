package io.gracefuldrain.lab.crowd;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Objects;
import okhttp3.Cookie;
import okhttp3.HttpUrl;
import org.junit.jupiter.api.Test;

class CookiesTest {
  private static final HttpUrl URL = HttpUrl.get("http://127.0.0.1:3000/socket.io/");

  private final Cookies cookies = new Cookies();

  @Test
  void saved_twice_theLastOneIsSent() {
    answer("pod=a; Path=/");
    answer("pod=b; Path=/");
    assertThat(sent()).containsExactly("pod=b");
  }

  @Test
  void saved_expired_isSentNoMore() {
    answer("pod=a; Path=/");
    answer("other=1; Path=/");
    answer("pod=; Max-Age=0; Path=/");
    assertThat(sent()).containsExactly("other=1");
  }

  private void answer(String setCookie) {
    cookies.saveFromResponse(URL, List.of(Objects.requireNonNull(Cookie.parse(URL, setCookie))));
  }

  private List<String> sent() {
    return cookies.loadForRequest(URL).stream()
        .map(cookie -> cookie.name() + "=" + cookie.value())
        .toList();
  }
}
