import { addCommentToApi, deleteComment, editCommentOfApi, getAllCommentsOfApi, getRepliesOfComment } from '../../client/publisher/sdk.gen';
import { Talk } from '../../kit/talk';
import { talkOf } from '../../kit/talk-source';
import { ApiHeading } from '../api-heading';
import { useApiId } from '../use-api';
import { words } from '../words';

export function CommentsPage() {
  const apiId = useApiId();
  return (
    <>
      <ApiHeading title={words.talk.title} lead={words.talk.lead} />
      <Talk
        source={talkOf(apiId, {
          getAllCommentsOfApi,
          getRepliesOfComment,
          addCommentToApi,
          editCommentOfApi,
          deleteComment,
        })}
      />
    </>
  );
}
