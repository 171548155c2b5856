import { mountPortal } from '../kit/portal';
import { newRouter } from './routes';

mountPortal(newRouter());
