import { mountRouter } from '../kit/mount';
import { newRouter } from './routes';

mountRouter(newRouter());
