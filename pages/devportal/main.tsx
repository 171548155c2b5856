import { mountPortal } from '../kit/portal';
import { wearTheme } from '../kit/theme-sheet';
import { newRouter } from './routes';

wearTheme();
mountPortal(newRouter());
