import { Text } from '@mantine/core';
import { addCommentToApi, deleteComment, editCommentOfApi, getAllCommentsOfApi, getRepliesOfComment } from '../../client/devportal/sdk.gen';
import { Panels } from '../../kit/page-parts';
import { useSession } from '../../kit/session';
import { Talk } from '../../kit/talk';
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
        source={{
          key: ['comments', apiId],
          read: async (query) => (await getAllCommentsOfApi({ path: { apiId }, query })).data,
          readReplies: async (commentId) => (await getRepliesOfComment({ path: { apiId, commentId }, query: { limit: 200 } })).data,
          add: (content, replyTo) => addCommentToApi({ path: { apiId }, query: { replyTo }, body: { content } }),
          edit: (commentId, content) => editCommentOfApi({ path: { apiId, commentId }, body: { content } }),
          remove: (commentId) => deleteComment({ path: { apiId, commentId } }),
        }}
      />
    </Panels>
  );
}
