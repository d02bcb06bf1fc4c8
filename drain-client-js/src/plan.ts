import type { Connection, Why } from './connection.js';

/** Whether nobody meant the end: transport close, transport error or ping timeout. */
function isLoss([reason]: Why): boolean {
  return /^(transport|ping) /.test(reason);
}

/** After a cut without warning, the next reconnect waits for a random part of the plan's window. */
export function spreadReconnect({ manager, planMs }: Connection, why: Why): void {
  if (planMs <= 0 || !isLoss(why) || !manager.reconnection()) return;
  const { backoff } = manager;
  backoff.duration = () => {
    delete backoff.duration; // only once; the stock one is its prototype's
    backoff.attempts++;
    return Math.random() * planMs;
  };
}
