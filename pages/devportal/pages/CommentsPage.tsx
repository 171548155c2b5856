import { Text } from '@mantine/core';
import { addCommentToApi, deleteComment, editCommentOfApi, getAllCommentsOfApi, getRepliesOfComment } from '../../client/devportal/sdk.gen';
import { Panels } from '../../kit/page-parts';
import { useSession } from '../../kit/session';
import { Talk } from '../../kit/talk';
import { talkOf } from '../../kit/talk-source';
import { RatingPanel } from '../reading/rating-panel';
import { useApiId } from '../use-api';
import { words } from '../words';

/** What people think of the API, in stars and in words. */
export function CommentsPage() {
  const apiId = useApiId();
  const session = useSession();
  return (
    <Panels>
      <RatingPanel apiId={apiId} />
      {session && !session.signedIn ? <Text c="dimmed">{words.talk.signIn}</Text> : null}
      <Talk
        source={talkOf(apiId, {
          getAllCommentsOfApi,
          getRepliesOfComment,
          addCommentToApi,
          editCommentOfApi,
          deleteComment,
        })}
      />
    </Panels>
  );
}
