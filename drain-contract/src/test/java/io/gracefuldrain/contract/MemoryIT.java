package io.gracefuldrain.contract;

import io.gracefuldrain.DrainCoordinator;

/** The smallest adapter keeps the contract. */
class MemoryIT extends DrainableConnectionContract {
  @Override
  protected ContractServer open(DrainCoordinator coordinator, ContractApplication application) {
    return new MemoryServer(coordinator, application, null);
  }
}
