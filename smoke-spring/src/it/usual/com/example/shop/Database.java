package com.example.shop;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** As a pool of connections behaves: once closed, it refuses. */
@Component
class Database implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Database.class);

  private volatile boolean closed;

  void write(String row) {
    if (closed) {
      throw new IllegalStateException("shop: the database is closed, and this comes: " + row);
    }
  }

  @Override
  public void close() {
    closed = true;
    LOG.info("shop: database closed");
  }
}
