package io.gracefuldrain.testing;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import okhttp3.Cookie;
import okhttp3.CookieJar;
import okhttp3.HttpUrl;

/** The cookies of one client of a single server, kept and expired as by a browser. */
public final class Cookies implements CookieJar {
  private final List<Cookie> cookies = new CopyOnWriteArrayList<>();

  @Override
  public void saveFromResponse(HttpUrl url, List<Cookie> fresh) {
    for (Cookie cookie : fresh) {
      cookies.removeIf(known -> known.name().equals(cookie.name()));
      if (cookie.expiresAt() > System.currentTimeMillis()) {
        cookies.add(cookie);
      }
    }
  }

  @Override
  public List<Cookie> loadForRequest(HttpUrl url) {
    return List.copyOf(cookies);
  }

  /** The value of a cookie, if it has it. */
  public Optional<String> value(String name) {
    return cookies.stream()
        .filter(cookie -> cookie.name().equals(name))
        .map(Cookie::value)
        .findFirst();
  }
}
