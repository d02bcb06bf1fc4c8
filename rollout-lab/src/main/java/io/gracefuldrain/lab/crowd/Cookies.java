package io.gracefuldrain.lab.crowd;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import okhttp3.Cookie;
import okhttp3.CookieJar;
import okhttp3.HttpUrl;

/**
 * A client's cookies, as a browser keeps them: a new one replaces the last one of its name, and one
 * that has expired is removed. Thread-safe.
 */
final class Cookies implements CookieJar {
  private final Map<String, Cookie> byName = new LinkedHashMap<>(); // guarded by this

  @Override
  public synchronized void saveFromResponse(HttpUrl url, List<Cookie> cookies) {
    for (Cookie cookie : cookies) {
      byName.remove(cookie.name());
      if (cookie.expiresAt() > System.currentTimeMillis()) {
        byName.put(cookie.name(), cookie);
      }
    }
  }

  @Override
  public synchronized List<Cookie> loadForRequest(HttpUrl url) {
    List<Cookie> matching = new ArrayList<>();
    byName.values().stream().filter(each -> each.matches(url)).forEach(matching::add);
    return matching;
  }
}
