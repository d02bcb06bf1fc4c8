package io.gracefuldrain.socketio;

import com.corundumstudio.socketio.store.MemoryStore;
import com.corundumstudio.socketio.store.MemoryStoreFactory;
import com.corundumstudio.socketio.store.Store;
import com.corundumstudio.socketio.store.pubsub.PubSubListener;
import com.corundumstudio.socketio.store.pubsub.PubSubMessage;
import com.corundumstudio.socketio.store.pubsub.PubSubStore;
import com.corundumstudio.socketio.store.pubsub.PubSubType;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A store whose every call takes its time, and may fail. */
final class RemoteStore extends MemoryStoreFactory {
  static final int MILLIS = 30;

  private volatile boolean away;

  void away(boolean now) {
    away = now;
  }

  private void call() {
    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(MILLIS));
    if (away) {
      throw new IllegalStateException("the store is away");
    }
  }

  @Override
  public Store createStore(UUID session) {
    MemoryStore values = new MemoryStore();
    return new Store() {
      @Override
      public void set(String key, Object value) {
        call();
        values.set(key, value);
      }

      @Override
      @SuppressWarnings("TypeParameterUnusedInFormals") // as the interface has it
      public <T> T get(String key) {
        call();
        return values.get(key);
      }

      @Override
      public boolean has(String key) {
        call();
        return values.has(key);
      }

      @Override
      public void del(String key) {
        call();
        values.del(key);
      }
    };
  }

  @Override
  public PubSubStore pubSubStore() {
    return new PubSubStore() {
      @Override
      public void publish(PubSubType type, PubSubMessage message) {
        call();
      }

      @Override
      public <T extends PubSubMessage> void subscribe(
          PubSubType type, PubSubListener<T> listener, Class<T> kind) {
        // nobody else publishes
      }

      @Override
      public void unsubscribe(PubSubType type) {
        // nobody has subscribed
      }

      @Override
      public void shutdown() {
        // holds nothing
      }
    };
  }
}
