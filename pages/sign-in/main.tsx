import { mount } from '../kit/mount';
import { SignInPage } from './SignInPage';

mount(<SignInPage />);
