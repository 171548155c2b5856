import { useEffect } from 'react';
import { hold } from './request';

/** For whatever is edited: a change of somebody else is noticed even when the page has read it meanwhile. */
export function useHold(isEditing = true) {
  useEffect(() => (isEditing ? hold() : undefined), [isEditing]);
}
