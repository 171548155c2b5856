import { notifications } from '@mantine/notifications';
import { uncoded } from './coded';
import { asProblem, sayingsOf } from './problem';

/** Says that something has been done. */
export function done(message: string) {
  notifications.show({ message, color: 'patina', withBorder: true });
}

/** Says that a lone action, one without a form to show it in, was refused. */
export function refused(thrown: unknown) {
  const problem = asProblem(thrown);
  notifications.show({
    title: problem.title,
    message: uncoded(sayingsOf(problem).detail),
    color: 'red',
    withBorder: true,
    autoClose: 10_000,
  });
}
