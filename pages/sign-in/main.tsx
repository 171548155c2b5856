import { mount } from '../kit/mount';
import { wearTheme } from '../kit/theme-sheet';
import { Account } from './routes';

wearTheme();
mount(<Account />);
