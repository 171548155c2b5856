/** What the flows of policies say. */
const en = () => ({
  flows: { request: 'Request', response: 'Response', fault: 'Fault' },
  flowHelp: {
    request: 'Before the upstream is asked.',
    response: 'Before the client gets the upstream’s answer.',
    fault: 'Before the client is told that the call was refused or failed.',
  },
  none: 'Nothing is done here.',
  stepsOf: (flow: string) => `Steps: ${flow}`,
  add: 'Add a policy',
  addTo: (flow: string) => `Add a policy: ${flow}`,
  edit: 'Change the step',
  apply: 'Apply',
  editOf: (name: string) => `Edit ${name}`,
  remove: 'Remove',
  removeOf: (name: string) => `Remove ${name}`,
  removed: (name: string) => `${name} is removed`,
  up: (name: string) => `Move ${name} up`,
  down: (name: string) => `Move ${name} down`,
  movedTo: (name: string, place: number, count: number) => `${name} is step ${place} of ${count}`,
  policy: 'Policy',
  condition: 'Only for calls that meet',
  conditionHelp: 'A condition in CEL on the call as its client sent it; empty: all calls.',
  onlyIf: 'only if',
  pattern: (pattern: string) => `The whole value has to match ${pattern}`,
  wrong: { needed: 'This is needed', number: 'A whole number' },
});

export default en;
export type Words = ReturnType<typeof en>;
