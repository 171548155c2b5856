import { addCommentToApi, deleteComment, editCommentOfApi, getAllCommentsOfApi, getRepliesOfComment } from '../../client/publisher/sdk.gen';
import { Talk } from '../../kit/talk';
import { ApiHeading } from '../api-heading';
import { useApiId } from '../use-api';
import { words } from '../words';

export function CommentsPage() {
  const apiId = useApiId();
  return (
    <>
      <ApiHeading title={words.talk.title} lead={words.talk.lead} />
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
    </>
  );
}
