package io.gracefuldrain.netty;

import io.gracefuldrain.DrainCoordinator;
import io.gracefuldrain.contract.ContractApplication;
import io.gracefuldrain.contract.ContractServer;
import io.gracefuldrain.contract.DrainableConnectionContract;

/** A plain Netty server keeps what the drain expects of an adapter. */
class ContractIT extends DrainableConnectionContract {
  @Override
  protected ContractServer open(DrainCoordinator coordinator, ContractApplication application) {
    return new TestServer(coordinator, application);
  }
}
