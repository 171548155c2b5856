import { mount } from '../kit/mount';
import { Account } from './routes';

mount(<Account />);
