import type { Application } from '../../client/devportal/types.gen';
import { AlertsView } from '../../kit/alerts/alerts-view';
import { KINDS_OF_APPLICATIONS } from '../../kit/alerts/scope';

/** What is wrong with the calls and the keys of an application, and who is told. */
export default function Alerts({ application: { applicationId = '', name } }: { application: Application }) {
  const applications = [{ value: applicationId, label: name }];
  return <AlertsView scope={{ applicationId, apis: [], applications, kinds: KINDS_OF_APPLICATIONS }} />;
}
