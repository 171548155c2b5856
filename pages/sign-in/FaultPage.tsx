import { Gate } from './gate';
import classes from './gate.module.css';
import { words } from './words';

/** Why nobody is sent on: said here, because there is no address that it would be safe to say it to. */
export function FaultPage() {
  const reason = new URLSearchParams(location.search).get('reason') ?? '';
  const fault = words.faults[reason] ?? words.faults.malformed;
  return (
    <Gate title={fault.title} lead={fault.why}>
      <div className={classes.card}>
        <h2>{words.whatToDo}</h2>
        <p>{fault.person}</p>
        <h2>{words.forDevelopers}</h2>
        <p>{fault.developer}</p>
      </div>
    </Gate>
  );
}
