import { mountRouter } from '../kit/mount';
import { router } from './routes';

mountRouter(router);
