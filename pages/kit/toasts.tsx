import { Notifications } from '@mantine/notifications';
import '@mantine/core/styles/Notification.css';
import '@mantine/notifications/styles.css';

/** Where toasts appear: above, because the buttons of dialogs are below. */
export default function Toasts() {
  return <Notifications position="top-center" autoClose={4000} containerWidth={400} />;
}
